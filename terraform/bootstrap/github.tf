# GitHub as somebody whose word counts, and what it may do: no keys are kept there.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  # Who comes, by the claim "sub" of GitHub's token.
  # https://docs.github.com/en/actions/reference/security/oidc
  trusted = merge(
    { build = "repo:${var.repository}:ref:refs/heads/main" },
    { for environment in var.environments : "deploy-${environment}" => "repo:${var.repository}:environment:${environment}" },
  )

  boundary_arn = "arn:aws:iam::${local.account_id}:policy/microflow-boundary"
}

resource "aws_iam_role" "github" {
  for_each = local.trusted

  name                 = "microflow-github-${each.key}"
  max_session_duration = 2 * 60 * 60
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = each.value
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "build" {
  name = "push"
  role = aws_iam_role.github["build"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Registry", Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
      {
        Sid    = "OurImages"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
        ]
        Resource = [for image in aws_ecr_repository.image : image.arn]
      },
    ]
  })
}

# Whoever applies Terraform may nearly everything; what it must not be able to do is give itself or
# somebody else more. Roles are made within a boundary, and only of this environment's names.

resource "aws_iam_role_policy_attachment" "deploy" {
  for_each = local.environments

  role       = aws_iam_role.github["deploy-${each.key}"].name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}

resource "aws_iam_role_policy" "deploy" {
  for_each = local.environments

  name = "roles"
  role = aws_iam_role.github["deploy-${each.key}"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RolesWithinTheBoundary"
        Effect    = "Allow"
        Action    = ["iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:DetachRolePolicy"]
        Resource  = ["arn:aws:iam::${local.account_id}:role/microflow-${each.key}-*"]
        Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      },
      {
        Sid    = "RolesOfThisEnvironment"
        Effect = "Allow"
        Action = [
          "iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole",
          "iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateRole", "iam:UpdateAssumeRolePolicy",
        ]
        Resource = ["arn:aws:iam::${local.account_id}:role/microflow-${each.key}-*"]
      },
      {
        Sid    = "ProfilesOfThisEnvironment"
        Effect = "Allow"
        Action = [
          "iam:CreateInstanceProfile", "iam:DeleteInstanceProfile", "iam:GetInstanceProfile", "iam:TagInstanceProfile",
          "iam:UntagInstanceProfile", "iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile",
        ]
        Resource = ["arn:aws:iam::${local.account_id}:instance-profile/microflow-${each.key}-*"]
      },
      {
        Sid      = "HandThemToWhoWorksWithThem"
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = ["arn:aws:iam::${local.account_id}:role/microflow-${each.key}-*"]
        Condition = {
          StringEquals = {
            "iam:PassedToService" = ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com", "monitoring.rds.amazonaws.com", "vpc-flow-logs.amazonaws.com"]
          }
        }
      },
      {
        Sid      = "RolesThatAwsMakesForItself"
        Effect   = "Allow"
        Action   = ["iam:CreateServiceLinkedRole"]
        Resource = ["arn:aws:iam::${local.account_id}:role/aws-service-role/*"]
      },
      {
        Sid      = "NotTheOthersState"
        Effect   = "Deny"
        Action   = ["s3:*"]
        Resource = concat(["${aws_s3_bucket.state.arn}/bootstrap/*"], [for other in var.environments : "${aws_s3_bucket.state.arn}/${other}/*" if other != each.key])
      },
    ]
  })
}

# What no role of ours goes beyond, whatever its policies say.
resource "aws_iam_policy" "boundary" {
  name = "microflow-boundary"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WhatTasksAndMachinesWorkWith"
        Effect = "Allow"
        Action = [
          "cloudwatch:PutMetricData", "ec2:Describe*", "ec2messages:*", "ecr:*", "ecs:*", "kms:Decrypt", "kms:GenerateDataKey*",
          "logs:*", "s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
          "secretsmanager:GetSecretValue", "sns:GetTopicAttributes", "sns:Publish", "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "ssm:*", "ssmmessages:*", "xray:Put*",
        ]
        Resource = "*"
      },
      {
        Sid      = "NotTheState"
        Effect   = "Deny"
        Action   = "s3:*"
        Resource = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      },
    ]
  })
}
