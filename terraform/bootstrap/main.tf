# What an account needs once, before any environment: applied by a person, see docs/deploy.md. Its own
# state moves into the bucket that it makes.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = "microflow" }
  }
}

data "aws_caller_identity" "this" {}

locals {
  account_id   = data.aws_caller_identity.this.account_id
  state_bucket = "microflow-terraform-${local.account_id}"
  images       = toset(["auth", "workorder", "tracking", "sql"])
  environments = toset(var.environments)
}

# The state: who can read it knows API keys, who can write it can change anything.

resource "aws_kms_key" "state" {
  description             = "Terraform's state of MicroFlow"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_s3_bucket" "state" {
  bucket        = local.state_bucket
  force_destroy = false # S3 itself refuses to delete a bucket that is not empty
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.state.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RefusePlainText"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.state]
}

# Where images are kept.

resource "aws_ecr_repository" "image" {
  for_each = local.images

  name                 = "microflow/${each.key}"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_lifecycle_policy" "image" {
  for_each = local.images

  repository = aws_ecr_repository.image[each.key].name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "What has no tag any more, after two weeks"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Of all others the newest hundred: enough to go back to"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 100 }
        action       = { type = "expire" }
      },
    ]
  })
}

# What is set once for a whole account and region.

# Without it a machine has places for two tasks, not ten.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
resource "aws_ecs_account_setting_default" "trunking" {
  name  = "awsvpcTrunking"
  value = "enabled"
}

# API Gateway writes its logs by this role, whichever API it is.
resource "aws_api_gateway_account" "this" {
  cloudwatch_role_arn = aws_iam_role.gateway_logs.arn
  depends_on          = [aws_iam_role_policy_attachment.gateway_logs]
}

resource "aws_iam_role" "gateway_logs" {
  name = "microflow-gateway-logs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "gateway_logs" {
  role       = aws_iam_role.gateway_logs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

# Public, not secret: what services check the database's certificate by. They have it as a variable,
# because their images have no shell that could write a file.
resource "aws_ssm_parameter" "root_certificate" {
  name        = "/microflow/database-root-certificate"
  description = "Root certificate rds-ca-rsa2048-g1 of this region, PEM"
  type        = "String"
  value       = trimspace(var.database_root_certificate)
}
