# Two roles: ECS starts the task with one, the task works with the other.

locals {
  assume = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })

  # Secrets of RDS' own making have ":json-key::" behind the ARN, which is seven parts long.
  secret_arns    = distinct([for arn in values(var.secrets) : join(":", slice(split(":", arn), 0, 7)) if strcontains(arn, ":secretsmanager:")])
  parameter_arns = distinct([for arn in values(var.secrets) : arn if strcontains(arn, ":ssm:")])
}

resource "aws_iam_role" "execution" {
  name                 = "${local.name}-execution"
  assume_role_policy   = local.assume
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "execution" {
  name = "start"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Registry"
          Effect   = "Allow"
          Action   = "ecr:GetAuthorizationToken"
          Resource = "*" # it knows no other
        },
        {
          Sid      = "ItsImage"
          Effect   = "Allow"
          Action   = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
          Resource = "arn:aws:ecr:${var.region}:${var.account_id}:repository/microflow/${var.service}"
        },
        {
          Sid      = "ItsLogs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${aws_cloudwatch_log_group.this.arn}:*"
        },
        {
          Sid      = "ItsSecrets"
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = local.secret_arns
        },
        {
          Sid      = "TheirKey"
          Effect   = "Allow"
          Action   = "kms:Decrypt"
          Resource = var.key_arn
        },
      ],
      [for arns in [local.parameter_arns] : {
        Sid      = "ItsParameters"
        Effect   = "Allow"
        Action   = "ssm:GetParameters"
        Resource = arns
      } if length(arns) > 0],
    )
  })
}

resource "aws_iam_role" "task" {
  name                 = "${local.name}-task"
  assume_role_policy   = local.assume
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "task" {
  name = "work"
  role = aws_iam_role.task.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "PublishToItsTopic"
          Effect   = "Allow"
          Action   = ["sns:Publish", "sns:GetTopicAttributes"]
          Resource = var.topic_arn
        },
        {
          Sid      = "ReadItsInbox"
          Effect   = "Allow"
          Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
          Resource = var.inbox.arn
        },
        {
          Sid      = "CountItsDeadLetters"
          Effect   = "Allow"
          Action   = "sqs:GetQueueAttributes"
          Resource = var.inbox.dead_letter_arn
        },
        {
          Sid      = "TheKeyOfMessages"
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = var.messages_key_arn
          Condition = {
            StringEquals = { "kms:ViaService" = ["sns.${var.region}.amazonaws.com", "sqs.${var.region}.amazonaws.com"] }
          }
        },
      ],
      var.task_statements,
    )
  })
}
