output "task_definition_arn" {
  value = aws_ecs_task_definition.this.arn
}

output "log_group" {
  value = aws_cloudwatch_log_group.this.name
}

output "image" {
  value = var.image
}
