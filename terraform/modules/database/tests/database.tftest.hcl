mock_provider "aws" {
  mock_resource "aws_db_instance" {
    defaults = {
      address            = "microflow-test.abc.us-east-1.rds.amazonaws.com"
      port               = 5432
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1" }]
    }
  }
}

variables {
  prefix          = "microflow-test"
  subnets         = ["subnet-1", "subnet-2"]
  security_group  = "sg-1"
  instance_class  = "db.m7g.large"
  multi_az        = true
  storage_gib     = 100
  max_storage_gib = 500
  max_connections = 400
  backup_days     = 14
  protected       = true
  insights        = true
  key_arn         = "arn:aws:kms:us-east-1:123456789012:key/1"
}

run "encrypted_and_not_public" {
  command = apply

  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == var.key_arn && !aws_db_instance.this.publicly_accessible
    error_message = "Data is encrypted with our key, and the server has no public address."
  }

  assert {
    condition     = one([for p in aws_db_parameter_group.this.parameter : p.value if p.name == "rds.force_ssl"]) == "1"
    error_message = "The server refuses plain text."
  }

  assert {
    condition     = strcontains(output.jdbc_url, "sslmode=verify-full") && strcontains(output.jdbc_url, "sslfactoryarg=env:DATABASE_ROOT_CERTIFICATE")
    error_message = "Clients check whom they talk to."
  }

  assert {
    condition     = !strcontains(lower(output.jdbc_url), "password") && !strcontains(output.jdbc_url, "@")
    error_message = "A service refuses a URL with credentials in it."
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password && aws_db_instance.this.master_user_secret_kms_key_id == var.key_arn
    error_message = "Secrets Manager keeps the master password."
  }
}

run "survives" {
  command = apply

  assert {
    condition = (aws_db_instance.this.multi_az && aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot
    && !aws_db_instance.this.delete_automated_backups && aws_db_instance.this.backup_retention_period == 14)
    error_message = "A standby, backups, and no deletion by mistake."
  }
}

run "a_toy_can_be_thrown_away" {
  command = apply

  variables {
    multi_az  = false
    protected = false
    insights  = false
  }

  assert {
    condition     = !aws_db_instance.this.deletion_protection && aws_db_instance.this.skip_final_snapshot && !aws_db_instance.this.performance_insights_enabled
    error_message = "What is not protected goes without a trace."
  }
}
