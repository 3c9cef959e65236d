# What must wake somebody when Prometheus is not there to say so: what AWS itself sees. All else is in
# prometheus/alerts.yml.

resource "aws_sns_topic" "alarms" {
  name              = "${var.prefix}-alarms"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsAndEventsOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
      },
      {
        Sid       = "RefusePlainText"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.alarm_emails)

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.key
}

locals {
  gib = 1024 * 1024 * 1024

  database = { namespace = "AWS/RDS", dimensions = { DBInstanceIdentifier = var.watched.database } }
  api      = { namespace = "AWS/ApiGateway", dimensions = { ApiName = var.watched.api, Stage = var.watched.stage } }

  alarms = merge(
    { for service, queue in var.watched.inboxes : "${service}-inbox-age" => {
      namespace   = "AWS/SQS"
      dimensions  = { QueueName = queue }
      metric      = "ApproximateAgeOfOldestMessage"
      statistic   = "Maximum"
      threshold   = var.limits.message_age_seconds
      comparison  = "GreaterThanThreshold"
      minutes     = 5
      description = "${service} is behind with its events. See docs/delivery.md."
    } },
    { for service, queue in var.watched.dead_letters : "${service}-dead-letters" => {
      namespace   = "AWS/SQS"
      dimensions  = { QueueName = queue }
      metric      = "ApproximateNumberOfMessagesVisible"
      statistic   = "Maximum"
      threshold   = 0
      comparison  = "GreaterThanThreshold"
      minutes     = 1
      description = "Events that ${service} could not handle, or that did not reach it. See docs/deploy.md, redrive."
    } },
    { for service, topic in var.watched.topics : "${service}-undelivered" => {
      namespace   = "AWS/SNS"
      dimensions  = { TopicName = topic }
      metric      = "NumberOfNotificationsFailed"
      statistic   = "Sum"
      threshold   = 0
      comparison  = "GreaterThanThreshold"
      minutes     = 1
      description = "Events of ${service} did not get into a queue: may SNS send there, and use the key?"
    } },
    {
      database-cpu = merge(local.database, {
        metric      = "CPUUtilization"
        statistic   = "Average"
        threshold   = var.limits.database_cpu
        comparison  = "GreaterThanThreshold"
        minutes     = 10
        description = "The database's processors are busy. See docs/deploy.md, scale."
      })
      database-connections = merge(local.database, {
        metric      = "DatabaseConnections"
        statistic   = "Maximum"
        threshold   = var.limits.database_connections
        comparison  = "GreaterThanThreshold"
        minutes     = 5
        description = "Soon the database takes no more connections: fewer tasks, or a larger instance."
      })
      database-disk = merge(local.database, {
        metric      = "FreeStorageSpace"
        statistic   = "Minimum"
        threshold   = var.limits.database_free_gib * local.gib
        comparison  = "LessThanThreshold"
        minutes     = 5
        description = "The database's disk is nearly full: has it grown as far as it may?"
      })
      database-memory = merge(local.database, {
        metric      = "FreeableMemory"
        statistic   = "Minimum"
        threshold   = var.limits.database_memory_mib * 1024 * 1024
        comparison  = "LessThanThreshold"
        minutes     = 10
        description = "The database is short of memory. See docs/deploy.md, scale."
      })
      api-errors = merge(local.api, {
        metric      = "5XXError"
        statistic   = "Average" # of 0 and 1 for each request: a share
        threshold   = var.limits.api_errors / 100
        comparison  = "GreaterThanThreshold"
        minutes     = 5
        description = "More than ${var.limits.api_errors} % of the API's requests fail."
      })
      api-latency = merge(local.api, {
        metric      = "Latency"
        statistic   = "p99"
        threshold   = var.limits.api_p99_seconds * 1000
        comparison  = "GreaterThanThreshold"
        minutes     = 10
        description = "One request in a hundred takes more than ${var.limits.api_p99_seconds} s."
      })
      machines = {
        namespace   = "AWS/AutoScaling"
        dimensions  = { AutoScalingGroupName = var.watched.autoscaling_group }
        metric      = "GroupInServiceInstances"
        statistic   = "Minimum"
        threshold   = var.watched.max_instances
        comparison  = "GreaterThanOrEqualToThreshold"
        minutes     = 15
        description = "There are as many machines as there may be; further tasks find no place."
      }
      memory-reserved = {
        namespace   = "AWS/ECS"
        dimensions  = { ClusterName = var.watched.cluster }
        metric      = "MemoryReservation"
        statistic   = "Average"
        threshold   = 95
        comparison  = "GreaterThanThreshold"
        minutes     = 15
        description = "The machines have no memory left for tasks, and no machine was added."
      }
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  threshold           = each.value.threshold
  comparison_operator = each.value.comparison
  period              = 60
  evaluation_periods  = each.value.minutes
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# What is no metric but an event.

locals {
  events = {
    deployment-failed = {
      description = "The circuit breaker or an alarm took a deployment back"
      pattern = {
        source      = ["aws.ecs"]
        detail-type = ["ECS Deployment State Change"]
        detail      = { eventName = ["SERVICE_DEPLOYMENT_FAILED"] }
      }
    }
    out-of-memory = {
      description = "The kernel ended a task that took more than its memory"
      pattern = {
        source      = ["aws.ecs"]
        detail-type = ["ECS Task State Change"]
        detail = {
          clusterArn = [var.cluster.arn]
          lastStatus = ["STOPPED"]
          containers = { reason = [{ prefix = "OutOfMemory" }] }
        }
      }
    }
    no-place = {
      description = "ECS finds no machine for a task"
      pattern = {
        source      = ["aws.ecs"]
        detail-type = ["ECS Service Action"]
        detail      = { eventName = ["SERVICE_TASK_PLACEMENT_FAILURE"], clusterArn = [var.cluster.arn] }
      }
    }
  }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.events

  name          = "${var.prefix}-${each.key}"
  description   = each.value.description
  event_pattern = jsonencode(each.value.pattern)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.events

  rule = aws_cloudwatch_event_rule.this[each.key].name
  arn  = aws_sns_topic.alarms.arn
}
