# One service: what it may do, how it runs, how requests and Prometheus find it. It is used three times.

locals {
  name       = "${var.prefix}-${var.service}"
  admin_port = var.port + 1000
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.prefix}/${var.service}"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"
  task_role_arn            = aws_iam_role.task.arn
  execution_role_arn       = aws_iam_role.execution.arn

  # The circuit breaker must find the former one when it takes a deployment back.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cluster.cpu_architecture
  }

  container_definitions = jsonencode([{
    name      = var.service
    image     = var.image
    essential = true

    # A share, not a quota: an idle machine's processors are there for whoever wants them.
    cpu    = var.cpu
    memory = var.memory

    user                   = "65532"
    readonlyRootFilesystem = true
    privileged             = false
    stopTimeout            = 60 # the process takes up to 30

    linuxParameters = {
      initProcessEnabled = true # reaps, and hands SIGTERM on
      capabilities       = { drop = ["ALL"] }
      # Recordings live here. It counts as the task's memory.
      tmpfs = [{ containerPath = "/tmp", size = 64, mountOptions = ["rw", "noexec", "nosuid", "nodev", "mode=1777"] }]
    }

    ulimits = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]

    portMappings = [
      { name = "api", containerPort = var.port, hostPort = var.port, protocol = "tcp" },
      { name = "admin", containerPort = local.admin_port, hostPort = local.admin_port, protocol = "tcp" },
    ]

    environment = [for name, value in merge(var.environment, {
      AWS_REGION   = var.region
      BIND_ADDRESS = "0.0.0.0"
      HTTP_PORT    = tostring(var.port)
      ADMIN_PORT   = tostring(local.admin_port)
      TOPIC_ARN    = var.topic_arn
      QUEUE_URL    = var.inbox.url
    }) : { name = name, value = value }]

    secrets = [for name, arn in var.secrets : { name = name, valueFrom = arn }]

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.region
        awslogs-stream-prefix = var.service
        # Logs are dropped rather than that a request waits for CloudWatch.
        mode            = "non-blocking"
        max-buffer-size = "4m"
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  count = var.started ? 1 : 0

  name            = var.service
  cluster         = var.cluster.arn
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.min_tasks
  propagate_tags  = "SERVICE"

  capacity_provider_strategy {
    capacity_provider = var.cluster.capacity_provider
    weight            = 1
  }

  # A zone may fail; within each, few machines are full rather than many half empty.
  ordered_placement_strategy {
    type  = "spread"
    field = "attribute:ecs.availability-zone"
  }

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }

  availability_zone_rebalancing = "ENABLED"

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  alarms {
    enable      = true
    rollback    = true
    alarm_names = [aws_cloudwatch_metric_alarm.errors.alarm_name, aws_cloudwatch_metric_alarm.slow.alarm_name]
  }

  network_configuration {
    subnets          = var.network.subnets
    security_groups  = [var.network.security_group]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = var.service
    container_port   = var.port
  }

  service_registries {
    registry_arn = aws_service_discovery_service.this.arn
  }

  lifecycle {
    ignore_changes = [desired_count] # auto scaling's
  }

  # A target group that no listener uses takes no service.
  depends_on = [aws_lb_listener_rule.this, aws_iam_role_policy.task, aws_iam_role_policy.execution]
}

# How requests find it.

resource "aws_lb_target_group" "this" {
  name                          = local.name
  vpc_id                        = var.network.vpc_id
  target_type                   = "ip"
  protocol                      = "HTTP"
  port                          = var.port
  deregistration_delay          = 30
  slow_start                    = 30 # a JVM is slow before it is quick
  load_balancing_algorithm_type = "round_robin"

  # Ready means that the database answers. It may be away for a minute or two while its standby takes
  # over: were we to say sooner that tasks are ill, ECS would replace all of them in vain. Where a task
  # stops, ECS itself takes it out first.
  health_check {
    port                = tostring(local.admin_port)
    path                = "/health/ready"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 10
  }
}

locals {
  patterns = concat(var.exact_paths, flatten([for p in var.path_prefixes : [p, "${p}/*"]]))
  # A rule takes five values.
  rules = chunklist(local.patterns, 5)
}

resource "aws_lb_listener_rule" "this" {
  count = length(local.rules)

  listener_arn = var.load_balancer.listener_arn
  priority     = var.priority + count.index

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }

  condition {
    path_pattern {
      values = local.rules[count.index]
    }
  }
}

# How Prometheus finds each task.

resource "aws_service_discovery_service" "this" {
  name = var.service

  dns_config {
    namespace_id   = var.network.namespace_id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}
