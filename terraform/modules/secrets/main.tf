# Secrets without their values: those come from terraform/secrets.sh, so that no state and no plan ever
# holds one. And the key of all that is kept about the environment: secrets, database, logs, alarms.

locals {
  secrets = {
    "auth/database-password"      = "The password of the role auth"
    "workorder/database-password" = "The password of the role workorder"
    "tracking/database-password"  = "The password of the role tracking"
    "auth/master-key"             = "32 random bytes in base64; never changed: see docs/deploy.md"
    "auth/first-admin-password"   = "Counts until there is an ADMIN"
    "tracking/smtp-url"           = "smtp://user:password@host:587, percent-encoded"
    "grafana/admin-password"      = "Grafana's user admin"
    "smoke"                       = "JSON with email and password of an account that the smoke test logs in with"
  }
}

resource "aws_kms_key" "this" {
  description             = "Secrets, database, logs and alarms of ${var.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountDecidesByItsRoles"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${var.region}:${var.account_id}:log-group:*" } }
      },
      {
        Sid       = "AlarmsReachTheirTopic"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.prefix}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_secretsmanager_secret" "this" {
  for_each = local.secrets

  name                    = "${var.prefix}/${each.key}"
  description             = each.value
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = var.recovery_days
}
