mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_availability_zones" {
    defaults = { names = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:some" }
  }
  mock_resource "aws_db_instance" {
    defaults = {
      address            = "microflow.abc.us-east-1.rds.amazonaws.com"
      port               = 5432
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1" }]
    }
  }
  mock_resource "aws_lb" {
    defaults = { dns_name = "internal-microflow.elb.amazonaws.com" }
  }
  mock_resource "aws_api_gateway_stage" {
    defaults = { invoke_url = "https://abc.execute-api.us-east-1.amazonaws.com/v1" }
  }
}

variables {
  region = "us-east-1"
  images = {
    auth      = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/auth:1"
    workorder = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/workorder:1"
    tracking  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/tracking:1"
    sql       = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/sql:1"
  }
}

run "everything_that_a_deployment_asks_for" {
  command = apply

  assert {
    condition     = output.cluster_name == "microflow-dev" && output.secrets_prefix == "microflow-dev"
    error_message = "Names begin with the environment's."
  }

  assert {
    condition     = toset(keys(output.service_names)) == toset(["auth", "workorder", "tracking"]) && toset(keys(output.task_definition_arns)) == toset(["auth", "workorder", "tracking"])
    error_message = "Three services."
  }

  assert {
    condition     = length(output.migration_subnets) == var.network.zones && length(output.migration_security_groups) == 1 && output.images == var.images
    error_message = "Where migrations run, and what there is to go back to."
  }

  assert {
    condition     = contains(keys(output.api_keys), "smoke")
    error_message = "The smoke test has a key."
  }
}
