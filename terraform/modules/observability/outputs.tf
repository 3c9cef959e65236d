output "alarm_topic_arn" {
  value = aws_sns_topic.alarms.arn
}

output "collector_url" {
  description = "Where traces go; null without a collector"
  value       = var.tools ? "http://collector.${var.network.namespace}:4318" : null
}

output "log_groups" {
  description = "Of the tools"
  value       = { for name, group in aws_cloudwatch_log_group.tool : name => group.name }
}
