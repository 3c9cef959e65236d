# More tasks when processor, memory, latency or backlog ask for them; fewer when all but latency agree.

locals {
  resource_id = "service/${var.cluster.name}/${var.service}"
  # All metrics of the load balancer about us.
  target = {
    LoadBalancer = var.load_balancer.arn_suffix
    TargetGroup  = aws_lb_target_group.this.arn_suffix
  }
}

resource "aws_appautoscaling_target" "this" {
  count = var.started ? 1 : 0

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = local.resource_id
  min_capacity       = var.min_tasks
  max_capacity       = var.max_tasks
  depends_on         = [aws_ecs_service.this]
}

resource "aws_appautoscaling_policy" "utilisation" {
  for_each = { for metric, of in {
    cpu    = { type = "ECSServiceAverageCPUUtilization", target = var.scaling.cpu, only_out = false }
    memory = { type = "ECSServiceAverageMemoryUtilization", target = var.scaling.memory, only_out = true }
  } : metric => of if var.started }

  name               = "${local.name}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.target
    scale_out_cooldown = 60
    scale_in_cooldown  = 300
    # A JVM keeps its heap: memory that falls says nothing, and memory that does not must not hold tasks.
    disable_scale_in = each.value.only_out

    predefined_metric_specification {
      predefined_metric_type = each.value.type
    }
  }
}

# Messages that wait, for each task. Those that a task handles in a minute are no backlog.
resource "aws_appautoscaling_policy" "backlog" {
  count = var.started ? 1 : 0

  name               = "${local.name}-backlog"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.scaling.backlog
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    customized_metric_specification {
      metrics {
        id          = "waiting"
        return_data = false

        metric_stat {
          stat = "Average"

          metric {
            namespace   = "AWS/SQS"
            metric_name = "ApproximateNumberOfMessagesVisible"

            dimensions {
              name  = "QueueName"
              value = var.inbox.name
            }
          }
        }
      }

      # Each task reports its processor once a minute: as many samples as there are tasks.
      # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
      metrics {
        id          = "tasks"
        return_data = false

        metric_stat {
          stat = "SampleCount"

          metric {
            namespace   = "AWS/ECS"
            metric_name = "CPUUtilization"

            dimensions {
              name  = "ClusterName"
              value = var.cluster.name
            }

            dimensions {
              name  = "ServiceName"
              value = var.service
            }
          }
        }
      }

      metrics {
        id          = "backlog"
        label       = "Messages that wait, for each task"
        expression  = "waiting / IF(tasks > 0, tasks, 1)"
        return_data = true
      }
    }
  }
}

# Latency is no utilisation: twice the tasks do not halve it. Steps, by how far it is beyond.
resource "aws_appautoscaling_policy" "latency" {
  count = var.started ? 1 : 0

  name               = "${local.name}-latency"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    metric_aggregation_type = "Maximum"
    cooldown                = 120

    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = var.scaling.p99
      scaling_adjustment          = 1
    }

    step_adjustment {
      metric_interval_lower_bound = var.scaling.p99
      scaling_adjustment          = 2
    }
  }
}

# With few requests the slowest of them is any of them.
resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "${local.name}-slow"
  alarm_description   = "For three minutes one request in a hundred to ${var.service} has taken more than ${var.scaling.p99} s. See docs/dashboards.md."
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.scaling.p99
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]

  metric_query {
    id          = "slowest"
    label       = "p99 of ${var.service}, where there are 50 requests a minute"
    expression  = "IF(requests >= 50, p99, 0)"
    return_data = true
  }

  metric_query {
    id = "p99"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "TargetResponseTime"
      stat        = "p99"
      period      = 60
      dimensions  = local.target
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      stat        = "Sum"
      period      = 60
      dimensions  = local.target
    }
  }
}

# The same figure, which adds tasks. An alarm by itself, because deployments look at the one above, and
# the service cannot wait for what waits for it.
resource "aws_cloudwatch_metric_alarm" "latency" {
  count = var.started ? 1 : 0

  alarm_name          = "${local.name}-latency"
  alarm_description   = "Adds tasks to ${var.service}"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.scaling.p99
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_appautoscaling_policy.latency[0].arn]

  metric_query {
    id          = "slowest"
    label       = "p99 of ${var.service}, where there are 50 requests a minute"
    expression  = "IF(requests >= 50, p99, 0)"
    return_data = true
  }

  metric_query {
    id = "p99"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "TargetResponseTime"
      stat        = "p99"
      period      = 60
      dimensions  = local.target
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      stat        = "Sum"
      period      = 60
      dimensions  = local.target
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  alarm_description   = "For two minutes more than 5 % of the requests to ${var.service} were answered with 5xx. See docs/dashboards.md."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]

  metric_query {
    id          = "share"
    label       = "Percent of 5xx of ${var.service}, where there are 20 requests a minute"
    expression  = "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      stat        = "Sum"
      period      = 60
      dimensions  = local.target
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      stat        = "Sum"
      period      = 60
      dimensions  = local.target
    }
  }
}

# Nobody is there to answer.
resource "aws_cloudwatch_metric_alarm" "nobody" {
  alarm_name          = "${local.name}-nobody"
  alarm_description   = "For two minutes no task of ${var.service} was ready."
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = 2
  treat_missing_data  = var.started ? "breaching" : "notBreaching"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HealthyHostCount"
  statistic           = "Maximum"
  period              = 60
  dimensions          = local.target
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}

# Utilisation that no further task can lower.
resource "aws_cloudwatch_metric_alarm" "utilisation" {
  for_each = { CPUUtilization = 95, MemoryUtilization = 95 }

  alarm_name          = "${local.name}-${lower(trimsuffix(each.key, "Utilization"))}"
  alarm_description   = "For ten minutes ${var.service} has used more than ${each.value} % of its ${each.key == "CPUUtilization" ? "processor share" : "memory"}: are there as many tasks as there may be? See docs/deploy.md, scale."
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value
  evaluation_periods  = 10
  treat_missing_data  = "notBreaching"
  namespace           = "AWS/ECS"
  metric_name         = each.key
  statistic           = "Average"
  period              = 60
  dimensions          = { ClusterName = var.cluster.name, ServiceName = var.service }
  alarm_actions       = [var.alarm_topic_arn]
  ok_actions          = [var.alarm_topic_arn]
}
