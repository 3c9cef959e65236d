mock_provider "aws" {
  mock_resource "aws_lb_target_group" {
    defaults = { arn_suffix = "targetgroup/microflow-test-workorder/1", arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/t/1" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/microflow-test/workorder" }
  }
}

variables {
  prefix        = "microflow-test"
  service       = "workorder"
  account_id    = "123456789012"
  region        = "us-east-1"
  image         = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/workorder:1.0.0"
  port          = 8082
  path_prefixes = ["/orders", "/technicians", "/dispatch", "/decisions", "/workorder"]
  exact_paths   = []
  priority      = 20
  environment   = { AUTH_URL = "http://internal" }
  secrets = {
    DATABASE_PASSWORD         = "arn:aws:secretsmanager:us-east-1:123456789012:secret:microflow-test/workorder/database-password-AbCdEf"
    DATABASE_ROOT_CERTIFICATE = "arn:aws:ssm:us-east-1:123456789012:parameter/microflow/database-root-certificate"
  }
  cluster       = { arn = "arn:aws:ecs:us-east-1:123456789012:cluster/microflow-test", name = "microflow-test", capacity_provider = "microflow-test", cpu_architecture = "X86_64" }
  network       = { vpc_id = "vpc-1", subnets = ["subnet-1", "subnet-2"], security_group = "sg-1", namespace_id = "ns-1" }
  load_balancer = { listener_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/1", arn_suffix = "app/microflow-test/1" }
  topic_arn     = "arn:aws:sns:us-east-1:123456789012:microflow-test-workorder"
  inbox = {
    arn             = "arn:aws:sqs:us-east-1:123456789012:microflow-test-workorder-inbox"
    url             = "https://sqs.us-east-1.amazonaws.com/123456789012/microflow-test-workorder-inbox"
    name            = "microflow-test-workorder-inbox"
    dead_letter_arn = "arn:aws:sqs:us-east-1:123456789012:microflow-test-workorder-inbox-dlq"
  }
  messages_key_arn = "arn:aws:kms:us-east-1:123456789012:key/messages"
  key_arn          = "arn:aws:kms:us-east-1:123456789012:key/main"
  alarm_topic_arn  = "arn:aws:sns:us-east-1:123456789012:microflow-test-alarms"
  cpu              = 256
  min_tasks        = 2
  max_tasks        = 6
  log_days         = 30
}

run "the_container_is_closed" {
  command = apply

  assert {
    condition = (output.container.user == "65532" && output.container.readonlyRootFilesystem && !output.container.privileged
    && join(",", output.container.linuxParameters.capabilities.drop) == "ALL")
    error_message = "Not root, nothing to write to, no capabilities."
  }

  assert {
    condition     = output.container.memory == 256 && output.container.linuxParameters.tmpfs[0].containerPath == "/tmp" && output.container.linuxParameters.tmpfs[0].size == 64
    error_message = "256 MiB; 64 of /tmp, of which a recording leaves 32 free."
  }

  assert {
    condition     = output.container.stopTimeout == 60 && output.container.linuxParameters.initProcessEnabled
    error_message = "SIGTERM reaches the process, and it has a minute."
  }

  assert {
    condition     = output.container.logConfiguration.options.mode == "non-blocking" && output.container.ulimits[0].softLimit == 65536
    error_message = "Logs hold nobody up; there are descriptors for thousands of streams."
  }

  assert {
    condition     = join(" ", sort([for p in output.container.portMappings : p.containerPort])) == "8082 9082"
    error_message = "API and admin port."
  }
}

run "no_secret_is_a_plain_setting" {
  command = apply

  assert {
    condition     = length(setintersection([for e in output.container.environment : e.name], [for s in output.container.secrets : s.name])) == 0
    error_message = "A setting is plain or a secret."
  }

  assert {
    condition     = toset([for s in output.container.secrets : s.name]) == toset(["DATABASE_PASSWORD", "DATABASE_ROOT_CERTIFICATE"])
    error_message = "Secrets come from where they are kept."
  }
}

run "the_task_may_do_its_own_work_and_nothing_else" {
  command = apply

  assert {
    condition = toset(flatten([for s in jsondecode(output.task_policy).Statement : s.Resource])) == toset([
      var.topic_arn, var.inbox.arn, var.inbox.dead_letter_arn, var.messages_key_arn,
    ])
    error_message = "Its topic, its inbox, the number of its dead letters, their key."
  }

  assert {
    condition     = alltrue([for s in jsondecode(output.task_policy).Statement : !strcontains(join(" ", flatten([s.Action])), "*")])
    error_message = "No action with a star."
  }

  assert {
    condition = toset(flatten([for s in jsondecode(output.task_policy).Statement : s.Action if contains(flatten([s.Resource]), var.inbox.dead_letter_arn)])) == toset([
      "sqs:GetQueueAttributes",
    ])
    error_message = "Dead letters are counted, not read."
  }
}

run "ecs_reads_its_secrets_and_no_others" {
  command = apply

  assert {
    condition = toset(flatten([for s in jsondecode(output.execution_policy).Statement : s.Resource if s.Sid == "ItsSecrets"])) == toset([
      var.secrets.DATABASE_PASSWORD,
    ])
    error_message = "The secrets of this task."
  }

  assert {
    condition     = toset(flatten([for s in jsondecode(output.execution_policy).Statement : s.Sid if contains(flatten([s.Resource]), "*")])) == toset(["Registry"])
    error_message = "Only the registry's token has no resource."
  }

  assert {
    condition     = one([for s in jsondecode(output.execution_policy).Statement : s.Resource if s.Sid == "ItsImage"]) == "arn:aws:ecr:us-east-1:123456789012:repository/microflow/workorder"
    error_message = "The image of this service."
  }
}

run "spread_over_zones_then_packed" {
  command = apply

  assert {
    condition     = join(" ", [for s in aws_ecs_service.this[0].ordered_placement_strategy : "${s.type}:${s.field}"]) == "spread:attribute:ecs.availability-zone binpack:memory"
    error_message = "First spread over zones, then packed by memory."
  }

  assert {
    condition     = one(aws_ecs_service.this[0].capacity_provider_strategy).capacity_provider == "microflow-test"
    error_message = "On the cluster's own machines."
  }
}

run "a_bad_deployment_takes_itself_back" {
  command = apply

  assert {
    condition     = one(aws_ecs_service.this[0].deployment_circuit_breaker).enable && one(aws_ecs_service.this[0].deployment_circuit_breaker).rollback
    error_message = "The circuit breaker rolls back."
  }

  assert {
    condition     = one(aws_ecs_service.this[0].alarms).rollback && toset(one(aws_ecs_service.this[0].alarms).alarm_names) == toset(["microflow-test-workorder-errors", "microflow-test-workorder-slow"])
    error_message = "So do errors and latency."
  }

  assert {
    condition     = aws_ecs_service.this[0].deployment_minimum_healthy_percent == 100 && aws_ecs_task_definition.this.skip_destroy
    error_message = "Never fewer tasks than wanted, and the former definition stays to go back to."
  }
}

run "scaling_by_four_signs" {
  command = apply

  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == 2 && aws_appautoscaling_target.this[0].max_capacity == 6
    error_message = "Two to six."
  }

  assert {
    condition = (one(aws_appautoscaling_policy.utilisation["cpu"].target_tracking_scaling_policy_configuration).target_value == 70
    && one(aws_appautoscaling_policy.utilisation["memory"].target_tracking_scaling_policy_configuration).disable_scale_in)
    error_message = "Processor both ways, memory only out."
  }

  assert {
    condition     = join(" ", sort([for m in one(one(aws_appautoscaling_policy.backlog[0].target_tracking_scaling_policy_configuration).customized_metric_specification).metrics : m.id])) == "backlog tasks waiting"
    error_message = "Backlog for each task."
  }

  assert {
    condition     = aws_appautoscaling_policy.latency[0].policy_type == "StepScaling" && contains(aws_cloudwatch_metric_alarm.latency[0].alarm_actions, aws_appautoscaling_policy.latency[0].arn)
    error_message = "Steps, by the alarm about p99."
  }

  assert {
    condition     = anytrue([for q in aws_cloudwatch_metric_alarm.latency[0].metric_query : try(q.metric[0].stat, "") == "p99" && try(q.metric[0].metric_name, "") == "TargetResponseTime"])
    error_message = "The slowest of a hundred, as the load balancer sees it."
  }
}

run "found_by_path_and_by_name" {
  command = apply

  assert {
    condition = toset(flatten([for r in aws_lb_listener_rule.this : one(one(r.condition).path_pattern).values])) == toset(flatten([
      for p in var.path_prefixes : [p, "${p}/*"]
    ]))
    error_message = "Each path and what is below it."
  }

  assert {
    condition     = alltrue([for r in aws_lb_listener_rule.this : length(one(one(r.condition).path_pattern).values) <= 5]) && length(aws_lb_listener_rule.this) == 2
    error_message = "A rule takes five values."
  }

  assert {
    condition = (one(aws_lb_target_group.this.health_check).port == "9082" && one(aws_lb_target_group.this.health_check).path == "/health/ready"
    && aws_lb_target_group.this.deregistration_delay == "30" && aws_lb_target_group.this.slow_start == 30)
    error_message = "Health at the admin port; 30 s to leave, 30 s to warm up."
  }

  assert {
    condition     = one(aws_lb_target_group.this.health_check).interval * one(aws_lb_target_group.this.health_check).unhealthy_threshold >= 90
    error_message = "A database that changes places is no reason to replace every task."
  }

  assert {
    condition     = one(one(aws_service_discovery_service.this.dns_config).dns_records).type == "A" && aws_service_discovery_service.this.name == "workorder"
    error_message = "Prometheus asks for addresses by the service's name."
  }
}

run "nothing_starts_before_it_can" {
  command = apply

  variables {
    started = false
  }

  assert {
    condition     = length(aws_ecs_service.this) == 0 && length(aws_appautoscaling_target.this) == 0 && aws_ecs_task_definition.this.family == "microflow-test-workorder"
    error_message = "A definition without tasks."
  }
}

run "a_tag_that_moves_is_refused" {
  command = plan

  variables {
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/microflow/workorder:latest"
  }

  expect_failures = [var.image]
}
