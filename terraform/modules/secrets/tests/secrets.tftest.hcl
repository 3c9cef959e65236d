mock_provider "aws" {}

variables {
  prefix        = "microflow-test"
  account_id    = "123456789012"
  region        = "us-east-1"
  recovery_days = 30
}

run "names_and_key" {
  command = apply

  assert {
    condition     = length(aws_secretsmanager_secret.this) == 8 && alltrue([for s in aws_secretsmanager_secret.this : startswith(s.name, "microflow-test/") && s.kms_key_id == aws_kms_key.this.arn])
    error_message = "Eight secrets below the environment's name, under its key."
  }

  assert {
    condition     = output.arns["auth/master-key"] == aws_secretsmanager_secret.this["auth/master-key"].arn
    error_message = "They are found by name."
  }
}

run "who_may_use_the_key" {
  command = apply

  assert {
    condition = toset(flatten([for s in jsondecode(aws_kms_key.this.policy).Statement : try(s.Principal.Service, [])])) == toset([
      "logs.us-east-1.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com",
    ])
    error_message = "Logs and alarms, and no other service by itself."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_kms_key.this.policy).Statement : can(s.Condition) if can(s.Principal.Service)])
    error_message = "A service uses the key for this account only."
  }
}
