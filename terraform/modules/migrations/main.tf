# The one-shot task that brings the database to the version that the services need. terraform/deploy.sh
# runs it before they change; here it is only defined. It has no rights of its own on AWS.

locals {
  name = "${var.prefix}-migrations"
  secrets = merge(var.secrets, {
    DATABASE_USER     = "${var.master_secret_arn}:username::"
    DATABASE_PASSWORD = "${var.master_secret_arn}:password::"
  })
  secret_arns    = distinct([for arn in values(local.secrets) : join(":", slice(split(":", arn), 0, 7)) if strcontains(arn, ":secretsmanager:")])
  parameter_arns = distinct([for arn in values(local.secrets) : arn if strcontains(arn, ":ssm:")])
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.prefix}/migrations"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"
  execution_role_arn       = aws_iam_role.execution.arn
  skip_destroy             = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  container_definitions = jsonencode([{
    name                   = "migrations"
    image                  = var.image
    essential              = true
    cpu                    = 256
    memory                 = 256
    user                   = "65532"
    readonlyRootFilesystem = true
    privileged             = false

    linuxParameters = {
      initProcessEnabled = true
      capabilities       = { drop = ["ALL"] }
      tmpfs              = [{ containerPath = "/tmp", size = 32, mountOptions = ["rw", "noexec", "nosuid", "nodev", "mode=1777"] }]
    }

    environment = [{ name = "DATABASE_URL", value = var.database_url }]
    secrets     = [for name, arn in local.secrets : { name = name, valueFrom = arn }]

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "migrations"
      }
    }
  }])
}

resource "aws_iam_role" "execution" {
  name                 = "${local.name}-execution"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "execution" {
  name = "start"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Registry", Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" },
      {
        Sid      = "ItsImage"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
        Resource = "arn:aws:ecr:${var.region}:${var.account_id}:repository/microflow/sql"
      },
      { Sid = "ItsLogs", Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${aws_cloudwatch_log_group.this.arn}:*" },
      { Sid = "ItsSecrets", Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = local.secret_arns },
      { Sid = "ItsParameters", Effect = "Allow", Action = "ssm:GetParameters", Resource = local.parameter_arns },
      { Sid = "TheirKey", Effect = "Allow", Action = "kms:Decrypt", Resource = var.key_arn },
    ]
  })
}
