mock_provider "aws" {}

variables {
  prefix            = "microflow-test"
  account_id        = "123456789012"
  region            = "us-east-1"
  image             = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/sql:1.0.0"
  cpu_architecture  = "X86_64"
  database_url      = "jdbc:postgresql://db:5432/microflow?sslmode=verify-full"
  master_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf"
  secrets = {
    AUTH_DATABASE_PASSWORD      = "arn:aws:secretsmanager:us-east-1:123456789012:secret:microflow-test/auth/database-password-1"
    WORKORDER_DATABASE_PASSWORD = "arn:aws:secretsmanager:us-east-1:123456789012:secret:microflow-test/workorder/database-password-1"
    TRACKING_DATABASE_PASSWORD  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:microflow-test/tracking/database-password-1"
    DATABASE_ROOT_CERTIFICATE   = "arn:aws:ssm:us-east-1:123456789012:parameter/microflow/database-root-certificate"
  }
  key_arn  = "arn:aws:kms:us-east-1:123456789012:key/1"
  log_days = 30
}

run "it_has_what_the_migrations_ask_for" {
  command = apply

  assert {
    condition = toset([for s in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : s.name]) == toset([
      "AUTH_DATABASE_PASSWORD", "WORKORDER_DATABASE_PASSWORD", "TRACKING_DATABASE_PASSWORD",
      "DATABASE_USER", "DATABASE_PASSWORD", "DATABASE_ROOT_CERTIFICATE",
    ])
    error_message = "The master's name and password, and those of the three roles."
  }

  assert {
    condition     = one([for s in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : s.valueFrom if s.name == "DATABASE_PASSWORD"]) == "${var.master_secret_arn}:password::"
    error_message = "The password is a part of RDS' secret."
  }

  assert {
    condition     = contains(one([for s in jsondecode(aws_iam_role_policy.execution.policy).Statement : s.Resource if s.Sid == "ItsSecrets"]), var.master_secret_arn)
    error_message = "The right is on the whole secret, not on its part."
  }
}
