# Prometheus with Alertmanager, Grafana, and the collector of traces. Their files are those of the
# checkout: Terraform puts them into a bucket, and a first container copies them to a volume that the
# tool reads. A new file makes a new task definition, and so a new task.

locals {
  root = "${path.module}/../../.."

  prometheus = {
    for file in fileset("${local.root}/prometheus", "*.yml") : "prometheus/${file}" =>
    replace(file("${local.root}/prometheus/${file}"), "microflow.internal", var.network.namespace)
  }

  # The file of the checkout says what is scraped; who is told is known only here.
  alerting = yamlencode({
    alerting = { alertmanagers = [{ static_configs = [{ targets = ["127.0.0.1:9093"] }] }] }
  })

  alertmanager = yamlencode({
    route = {
      receiver        = "alarms"
      group_by        = ["alertname", "service"]
      group_wait      = "30s"
      group_interval  = "5m"
      repeat_interval = "4h"
    }
    receivers = [{
      name = "alarms"
      sns_configs = [{
        topic_arn     = aws_sns_topic.alarms.arn
        sigv4         = { region = var.region }
        send_resolved = true
      }]
    }]
  })

  files = merge(
    local.prometheus,
    {
      "prometheus/prometheus.yml"   = "${local.prometheus["prometheus/prometheus.yml"]}\n${local.alerting}"
      "prometheus/alertmanager.yml" = local.alertmanager
    },
    { for file in fileset("${local.root}/grafana", "**") : "grafana/${file}" => file("${local.root}/grafana/${file}") },
  )

  version = {
    for tool in ["prometheus", "grafana"] : tool =>
    sha256(jsonencode({ for key, content in local.files : key => content if startswith(key, "${tool}/") }))
  }

  collector = yamlencode({
    receivers  = { otlp = { protocols = { http = { endpoint = "0.0.0.0:4318" } } } }
    processors = { memory_limiter = { check_interval = "1s", limit_mib = 96 }, batch = {} }
    exporters  = { awsxray = { region = var.region } }
    service = {
      pipelines = { traces = { receivers = ["otlp"], processors = ["memory_limiter", "batch"], exporters = ["awsxray"] } }
    }
  })

  copy = {
    for tool in ["prometheus", "grafana"] : tool => {
      name         = "files"
      image        = var.images.files
      essential    = false
      cpu          = 64
      memory       = 128
      entryPoint   = ["aws"]
      command      = ["s3", "cp", "--recursive", "--only-show-errors", "s3://${var.settings.bucket}/${tool}/", "/etc/microflow/"]
      environment  = [{ name = "AWS_REGION", value = var.region }, { name = "FILES", value = local.version[tool] }]
      mountPoints  = [{ sourceVolume = "files", containerPath = "/etc/microflow", readOnly = false }]
      portMappings = []
    }
  }

  after_files = [{ containerName = "files", condition = "SUCCESS" }]
  read_files  = [{ sourceVolume = "files", containerPath = "/etc/microflow", readOnly = true }]

  tools = {
    prometheus = {
      volumes = ["files", "prometheus-data"]
      containers = [
        local.copy.prometheus,
        {
          name  = "prometheus"
          image = var.images.prometheus
          command = [
            "--config.file=/etc/microflow/prometheus.yml",
            "--storage.tsdb.path=/prometheus",
            "--storage.tsdb.retention.time=15d",
            "--storage.tsdb.retention.size=8GB",
          ]
          essential    = true
          cpu          = 128
          memory       = 768
          dependsOn    = local.after_files
          mountPoints  = concat(local.read_files, [{ sourceVolume = "prometheus-data", containerPath = "/prometheus", readOnly = false }])
          portMappings = [{ containerPort = 9090, hostPort = 9090, protocol = "tcp" }]
        },
        {
          name         = "alertmanager"
          image        = var.images.alertmanager
          command      = ["--config.file=/etc/microflow/alertmanager.yml", "--storage.path=/tmp", "--cluster.listen-address=", "--web.listen-address=127.0.0.1:9093"]
          essential    = true
          cpu          = 32
          memory       = 96
          dependsOn    = local.after_files
          mountPoints  = local.read_files
          portMappings = []
        },
      ]
      statements = [
        {
          Sid      = "TellPeople"
          Effect   = "Allow"
          Action   = ["sns:Publish"]
          Resource = [aws_sns_topic.alarms.arn]
        },
        {
          Sid      = "TheKeyOfAlarms"
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = [var.key_arn]
        },
      ]
      secrets = {}
    }

    grafana = {
      volumes = ["files"]
      containers = [
        local.copy.grafana,
        {
          name      = "grafana"
          image     = var.images.grafana
          essential = true
          cpu       = 64
          memory    = 256
          dependsOn = local.after_files
          environment = [for name, value in {
            GF_PATHS_PROVISIONING          = "/etc/microflow/provisioning"
            GF_USERS_ALLOW_SIGN_UP         = "false"
            GF_ANALYTICS_REPORTING_ENABLED = "false"
            GF_ANALYTICS_CHECK_FOR_UPDATES = "false"
            MICROFLOW_DASHBOARDS           = "/etc/microflow/dashboards"
            PROMETHEUS_URL                 = "http://prometheus.${var.network.namespace}:9090"
          } : { name = name, value = value }]
          secrets      = [{ name = "GF_SECURITY_ADMIN_PASSWORD", valueFrom = var.grafana_secret_arn }]
          mountPoints  = local.read_files
          portMappings = [{ containerPort = 3000, hostPort = 3000, protocol = "tcp" }]
        },
      ]
      statements = []
      secrets    = { admin = var.grafana_secret_arn }
    }

    collector = {
      volumes = []
      containers = [{
        name         = "collector"
        image        = var.images.collector
        essential    = true
        cpu          = 64
        memory       = 128
        environment  = [{ name = "AOT_CONFIG_CONTENT", value = local.collector }]
        mountPoints  = []
        portMappings = [{ containerPort = 4318, hostPort = 4318, protocol = "tcp" }]
      }]
      statements = [{
        Sid      = "SendTraces"
        Effect   = "Allow"
        Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        Resource = ["*"] # X-Ray knows no other
      }]
      secrets = {}
    }
  }

  running = { for name, tool in local.tools : name => tool if var.tools }
}

resource "aws_s3_object" "file" {
  for_each = var.tools ? local.files : {}

  bucket  = var.settings.bucket
  key     = each.key
  content = each.value
}

resource "aws_cloudwatch_log_group" "tool" {
  for_each = local.running

  name              = "/${var.prefix}/${each.key}"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

resource "aws_ecs_task_definition" "tool" {
  for_each = local.running

  family                   = "${var.prefix}-${each.key}"
  requires_compatibilities = ["EC2"]
  network_mode             = "awsvpc"
  task_role_arn            = aws_iam_role.tool_task[each.key].arn
  execution_role_arn       = aws_iam_role.tool_execution[each.key].arn
  skip_destroy             = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cluster.cpu_architecture
  }

  dynamic "volume" {
    for_each = toset(each.value.volumes)

    content {
      name = volume.value

      # Figures stay while the task comes back to the same machine; on another it begins anew.
      dynamic "docker_volume_configuration" {
        for_each = endswith(volume.value, "-data") ? [1] : []

        content {
          scope         = "shared"
          autoprovision = true
          driver        = "local"
        }
      }
    }
  }

  container_definitions = jsonencode([for container in each.value.containers : merge(container, {
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.tool[each.key].name
        awslogs-region        = var.region
        awslogs-stream-prefix = container.name
        mode                  = "non-blocking"
      }
    }
  })])
}

resource "aws_ecs_service" "tool" {
  for_each = local.running

  name            = each.key
  cluster         = var.cluster.arn
  task_definition = aws_ecs_task_definition.tool[each.key].arn
  desired_count   = 1

  # One at a time: two would write to one volume.
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100
  availability_zone_rebalancing      = "DISABLED"

  capacity_provider_strategy {
    capacity_provider = var.cluster.capacity_provider
    weight            = 1
  }

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets         = var.network.subnets
    security_groups = [var.network.security_groups[each.key]]
  }

  service_registries {
    registry_arn = aws_service_discovery_service.tool[each.key].arn
  }

  depends_on = [aws_s3_object.file, aws_iam_role_policy.tool_task, aws_iam_role_policy.tool_execution]
}

resource "aws_service_discovery_service" "tool" {
  for_each = local.running

  name = each.key

  dns_config {
    namespace_id   = var.network.namespace_id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 10
    }
  }
}

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
}

resource "aws_iam_role" "tool_task" {
  for_each = local.running

  name                 = "${var.prefix}-${each.key}-task"
  assume_role_policy   = local.assume
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "tool_task" {
  for_each = local.running

  name = "work"
  role = aws_iam_role.tool_task[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for tool in [each.key] : {
        Sid      = "ListItsFiles"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [var.settings.bucket_arn]
        Condition = {
          StringLike = { "s3:prefix" = ["${tool}/*"] }
        }
      } if contains(each.value.volumes, "files")],
      [for tool in [each.key] : {
        Sid      = "ReadItsFiles"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${var.settings.bucket_arn}/${tool}/*"]
      } if contains(each.value.volumes, "files")],
      [for tool in [each.key] : {
        Sid      = "TheKeyOfFiles"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = [var.settings.key_arn]
      } if contains(each.value.volumes, "files")],
      each.value.statements,
    )
  })
}

resource "aws_iam_role" "tool_execution" {
  for_each = local.running

  name                 = "${var.prefix}-${each.key}-execution"
  assume_role_policy   = local.assume
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "tool_execution" {
  for_each = local.running

  name = "start"
  role = aws_iam_role.tool_execution[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "ItsLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.tool[each.key].arn}:*"]
      }],
      [for arns in [values(each.value.secrets)] : {
        Sid      = "ItsSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = arns
      } if length(arns) > 0],
      [for arns in [values(each.value.secrets)] : {
        Sid      = "TheirKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = [var.key_arn]
      } if length(arns) > 0],
    )
  })
}
