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

override_resource {
  target = module.secrets.aws_secretsmanager_secret.this["auth/master-key"]
  values = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:microflow-test/auth/master-key-1" }
}

override_resource {
  target = module.secrets.aws_secretsmanager_secret.this["workorder/database-password"]
  values = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:microflow-test/workorder/database-password-1" }
}

override_resource {
  target = module.messaging.aws_sns_topic.publisher["auth"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:microflow-test-auth" }
}

override_resource {
  target = module.messaging.aws_sns_topic.publisher["workorder"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:microflow-test-workorder" }
}

override_resource {
  target = module.messaging.aws_sns_topic.publisher["tracking"]
  values = { arn = "arn:aws:sns:us-east-1:123456789012:microflow-test-tracking" }
}

override_resource {
  target = module.messaging.aws_sqs_queue.inbox["auth"]
  values = { arn = "arn:aws:sqs:us-east-1:123456789012:microflow-test-auth-inbox" }
}

override_resource {
  target = module.messaging.aws_sqs_queue.inbox["workorder"]
  values = { arn = "arn:aws:sqs:us-east-1:123456789012:microflow-test-workorder-inbox" }
}

override_resource {
  target = module.messaging.aws_sqs_queue.inbox["tracking"]
  values = { arn = "arn:aws:sqs:us-east-1:123456789012:microflow-test-tracking-inbox" }
}

override_resource {
  target = module.storage.aws_s3_bucket.evidence
  values = { arn = "arn:aws:s3:::microflow-test-evidence-123456789012" }
}

variables {
  environment = "test"
  region      = "us-east-1"
  started     = true
  protected   = false
  images = {
    auth      = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/auth:1"
    workorder = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/workorder:1"
    tracking  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/tracking:1"
    sql       = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/sql:1"
  }
  network  = { cidr = "10.20.0.0/16", zones = 2, nat_gateways = 1, flow_log_days = 7 }
  database = { instance_class = "db.t4g.small", multi_az = false, storage_gib = 20, max_storage_gib = 50, max_connections = 180, backup_days = 1, insights = false }
  machines = { instance_type = "c6i.large", cpu_architecture = "X86_64", min = 1, max = 3, target_capacity = 100 }
  services = {
    auth      = { cpu = 256, min = 1, max = 2 }
    workorder = { cpu = 256, min = 1, max = 2 }
    tracking  = { cpu = 256, min = 1, max = 2 }
  }
  gateway = {
    allowed_origin = "*"
    clients        = { web = { rate = 20, burst = 40, daily = 20000 } }
    api_document   = "../gateway/tests/openapi.json"
  }
  people            = { admin_email = "admin@example.com", mail_from = "no-reply@example.com", alarm_emails = [] }
  push_applications = ["microflow-test-android"]
  settings          = { workorder = { BUSINESS_TIME_ZONE = "America/Lima" } }
  log_days          = 7
  tools             = true
}

run "no_service_has_a_right_to_anothers_queue_or_topic" {
  command = apply

  assert {
    condition = alltrue(flatten([
      for service, policy in output.task_policies : [
        for s in jsondecode(policy).Statement : [
          for resource in flatten([try(s.Resource, [])]) :
          endswith(resource, ":microflow-test-${service}") || endswith(resource, ":microflow-test-${service}-inbox")
          if startswith(resource, "arn:aws:sns:us-east-1:123456789012:microflow") || startswith(resource, "arn:aws:sqs:")
        ]
      ]
    ]))
    error_message = "A topic or queue in a task's policy is its own."
  }

  assert {
    condition = alltrue([
      for service, policy in output.task_policies :
      strcontains(policy, "arn:aws:sns:us-east-1:123456789012:microflow-test-${service}\"") && strcontains(policy, "arn:aws:sqs:us-east-1:123456789012:microflow-test-${service}-inbox\"")
    ])
    error_message = "And its own is there."
  }
}

run "only_tracking_has_files_texts_and_push" {
  command = apply

  assert {
    condition     = alltrue([for service in ["auth", "workorder"] : !strcontains(output.task_policies[service], "s3:") && !strcontains(output.task_policies[service], "NotResource")])
    error_message = "auth and workorder have no files and send no texts."
  }

  assert {
    condition = toset(one([for s in jsondecode(output.task_policies["tracking"]).Statement : s.Resource if s.Sid == "KeepEvidence"])) == toset([
      "arn:aws:s3:::microflow-test-evidence-123456789012/*",
    ])
    error_message = "tracking has the files of the evidence bucket."
  }

  assert {
    condition     = one([for s in jsondecode(output.task_policies["tracking"]).Statement : join(" ", s.NotResource) if s.Sid == "SendTexts"]) == "arn:aws:sns:*:*:*"
    error_message = "Texts go to numbers; no topic and no endpoint is a number."
  }

  assert {
    condition     = one([for s in jsondecode(output.task_policies["tracking"]).Statement : join(" ", s.Resource) if s.Sid == "PushToOurApplications"]) == "arn:aws:sns:us-east-1:123456789012:endpoint/*/microflow-test-android/*"
    error_message = "Push goes to our own applications."
  }
}

run "no_service_starts_with_anothers_secrets" {
  command = apply

  assert {
    condition     = strcontains(output.execution_policies["auth"], "auth/master-key") && !strcontains(output.execution_policies["workorder"], "auth/master-key") && !strcontains(output.execution_policies["tracking"], "auth/master-key")
    error_message = "The master key is auth's."
  }

  assert {
    condition     = strcontains(output.execution_policies["workorder"], "workorder/database-password") && !strcontains(output.execution_policies["auth"], "workorder/database-password")
    error_message = "Each knows its own role's password."
  }

  assert {
    condition     = alltrue([for policy in values(output.execution_policies) : !strcontains(policy, "rds!db")])
    error_message = "The master's password is for migrations only."
  }
}

run "each_has_the_settings_that_its_config_asks_for" {
  command = apply

  # Names as in Config of each service: without one of them it does not start.
  assert {
    condition = alltrue([for service, names in {
      auth      = ["TOKEN_ISSUER", "TRACKING_URL", "AUTH_MASTER_KEY", "ADMIN_EMAIL", "ADMIN_PASSWORD"]
      workorder = ["TOKEN_ISSUER", "JWKS_URL", "AUTH_URL", "TRACKING_URL"]
      tracking  = ["TOKEN_ISSUER", "JWKS_URL", "WORKORDER_URL", "SMTP_URL", "MAIL_FROM", "PUBLIC_URL", "EVIDENCE_STORE", "EVIDENCE_BUCKET"]
      } : length(setsubtract(
        concat(names, ["AWS_REGION", "DATABASE_URL", "DATABASE_USER", "DATABASE_PASSWORD", "DATABASE_ROOT_CERTIFICATE", "TOPIC_ARN", "QUEUE_URL", "TRUSTED_PROXIES", "CORS_ALLOWED_ORIGIN", "OTEL_EXPORTER_OTLP_ENDPOINT"]),
        concat([for e in output.containers[service].environment : e.name], [for s in output.containers[service].secrets : s.name])
    )) == 0])
    error_message = "Nothing that it needs is missing."
  }

  assert {
    condition = alltrue([for service, c in output.containers :
    alltrue([for e in c.environment : !strcontains(e.name, "PASSWORD") && !strcontains(e.name, "MASTER_KEY") && e.name != "SMTP_URL"])])
    error_message = "No secret is a plain setting."
  }

  assert {
    condition     = one([for e in output.containers["tracking"].environment : e.value if e.name == "TOKEN_ISSUER"]) == output.api_url && one([for e in output.containers["workorder"].environment : e.value if e.name == "BUSINESS_TIME_ZONE"]) == "America/Lima"
    error_message = "The issuer is the public address, and settings of the environment count."
  }
}

run "the_gateways_paths_are_each_ones_own" {
  command = apply

  assert {
    condition     = length(distinct([for service, s in local.services : s.priority])) == 3 && length(distinct(flatten([for p in values(local.paths) : concat(p.prefixes, p.exact)]))) == 11
    error_message = "No path and no rule twice."
  }
}

run "the_first_time_nothing_starts" {
  command = apply

  variables {
    started = false
  }

  assert {
    condition     = !output.started && length(output.task_definition_arns) == 3
    error_message = "Definitions without tasks."
  }
}

run "more_tasks_than_the_database_takes_are_refused" {
  command = plan

  variables {
    services = {
      auth      = { cpu = 256, min = 1, max = 4 }
      workorder = { cpu = 256, min = 1, max = 4 }
      tracking  = { cpu = 256, min = 1, max = 4 }
    }
  }

  expect_failures = [output.api_url]
}

run "an_image_that_nobody_named_is_refused" {
  command = plan

  variables {
    images = { auth = "a:1", workorder = "b:1", tracking = "c:1" }
  }

  expect_failures = [var.images]
}
