mock_provider "aws" {}

variables {
  prefix       = "microflow-test"
  account_id   = "123456789012"
  region       = "us-east-1"
  key_arn      = "arn:aws:kms:us-east-1:123456789012:key/1"
  log_days     = 30
  alarm_emails = ["ops@example.com"]
  watched = {
    inboxes           = { auth = "microflow-test-auth-inbox", workorder = "microflow-test-workorder-inbox", tracking = "microflow-test-tracking-inbox" }
    dead_letters      = { auth = "microflow-test-auth-inbox-dlq", workorder = "microflow-test-workorder-inbox-dlq", tracking = "microflow-test-tracking-inbox-dlq" }
    topics            = { auth = "microflow-test-auth", workorder = "microflow-test-workorder", tracking = "microflow-test-tracking" }
    database          = "microflow-test"
    cluster           = "microflow-test"
    autoscaling_group = "microflow-test"
    max_instances     = 6
    api               = "microflow-test"
    stage             = "v1"
  }
  limits  = { database_connections = 320 }
  tools   = true
  cluster = { arn = "arn:aws:ecs:us-east-1:123456789012:cluster/microflow-test", name = "microflow-test", capacity_provider = "microflow-test", cpu_architecture = "X86_64" }
  network = {
    subnets         = ["subnet-1", "subnet-2"]
    security_groups = { prometheus = "sg-1", grafana = "sg-2", collector = "sg-3" }
    namespace       = "test.microflow.internal"
    namespace_id    = "ns-1"
  }
  settings           = { bucket = "microflow-test-settings", bucket_arn = "arn:aws:s3:::microflow-test-settings", key_arn = "arn:aws:kms:us-east-1:123456789012:key/files" }
  grafana_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:microflow-test/grafana/admin-password-1"
}

run "alarms_about_everything" {
  command = apply

  assert {
    condition = length(setsubtract([
      "auth-inbox-age", "workorder-inbox-age", "tracking-inbox-age", "auth-dead-letters", "workorder-dead-letters",
      "tracking-dead-letters", "database-cpu", "database-connections", "database-disk", "database-memory", "api-errors", "api-latency", "machines",
    ], keys(aws_cloudwatch_metric_alarm.this))) == 0
    error_message = "Queues, dead letters, database, API, machines."
  }

  assert {
    condition = alltrue([for a in aws_cloudwatch_metric_alarm.this :
    toset(a.alarm_actions) == toset([aws_sns_topic.alarms.arn]) && length(a.alarm_description) > 20])
    error_message = "Each tells somebody, and says what to do."
  }

  assert {
    condition = (aws_cloudwatch_metric_alarm.this["tracking-dead-letters"].threshold == 0
    && aws_cloudwatch_metric_alarm.this["tracking-dead-letters"].dimensions.QueueName == "microflow-test-tracking-inbox-dlq")
    error_message = "One dead letter is enough."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["api-latency"].extended_statistic == "p99"
    error_message = "The slowest of a hundred."
  }
}

run "the_topic_takes_alarms_and_is_encrypted" {
  command = apply

  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == var.key_arn && contains(keys(aws_sns_topic_subscription.email), "ops@example.com")
    error_message = "Encrypted, and somebody reads it."
  }

  assert {
    condition = toset(flatten([for s in jsondecode(aws_sns_topic_policy.alarms.policy).Statement : s.Principal.Service if s.Effect == "Allow"])) == toset([
      "cloudwatch.amazonaws.com", "events.amazonaws.com",
    ])
    error_message = "Alarms and events may publish."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.this["deployment-failed"].event_pattern).detail.eventName[0] == "SERVICE_DEPLOYMENT_FAILED"
    error_message = "A deployment that was taken back is told."
  }
}

run "prometheus_asks_by_the_names_of_this_network" {
  command = apply

  assert {
    condition = alltrue([for service in ["auth", "workorder", "tracking"] :
    strcontains(aws_s3_object.file["prometheus/prometheus.yml"].content, "names: [${service}.test.microflow.internal]")])
    error_message = "The three services, in this environment's namespace."
  }

  assert {
    condition = (yamldecode(aws_s3_object.file["prometheus/prometheus.yml"].content).alerting.alertmanagers[0].static_configs[0].targets[0] == "127.0.0.1:9093"
    && length(yamldecode(aws_s3_object.file["prometheus/prometheus.yml"].content).scrape_configs) == 2)
    error_message = "The file of the checkout, and who is told."
  }

  assert {
    condition     = length(setsubtract(["prometheus/alerts.yml", "prometheus/recording.yml", "grafana/dashboards/overview.json", "grafana/provisioning/datasources/prometheus.yml"], keys(aws_s3_object.file))) == 0
    error_message = "Rules, dashboards and where they come from."
  }

  assert {
    condition     = !anytrue([for key in keys(aws_s3_object.file) : strcontains(key, "tests/")])
    error_message = "Tests of rules are no rules."
  }
}

run "files_are_there_before_the_tool_starts" {
  command = apply

  assert {
    condition = alltrue([for tool in ["prometheus", "grafana"] : alltrue([
      for c in jsondecode(aws_ecs_task_definition.tool[tool].container_definitions) :
      try(c.dependsOn[0].containerName, "") == "files" && try(c.dependsOn[0].condition, "") == "SUCCESS" if c.name != "files"
    ])])
    error_message = "Each waits for its files."
  }

  assert {
    condition     = join(" ", [for s in jsondecode(aws_iam_role_policy.tool_task["grafana"].policy).Statement : join(" ", s.Resource) if s.Sid == "ReadItsFiles"]) == "arn:aws:s3:::microflow-test-settings/grafana/*"
    error_message = "Each reads its own."
  }

  assert {
    condition     = yamldecode(jsondecode(aws_ecs_task_definition.tool["collector"].container_definitions)[0].environment[0].value).service.pipelines.traces.exporters[0] == "awsxray"
    error_message = "Traces go to X-Ray."
  }
}

run "without_tools" {
  command = apply

  variables {
    tools = false
  }

  assert {
    condition     = length(aws_ecs_service.tool) == 0 && length(aws_s3_object.file) == 0 && output.collector_url == null && length(aws_cloudwatch_metric_alarm.this) > 10
    error_message = "Alarms stay."
  }
}
