output "name" {
  description = "The service's name in its cluster"
  value       = var.service
}

output "task_definition_arn" {
  value = aws_ecs_task_definition.this.arn
}

output "image" {
  value = var.image
}

output "task_policy" {
  description = "What the task may do, JSON"
  value       = aws_iam_role_policy.task.policy
}

output "execution_policy" {
  description = "What ECS may do for it, JSON"
  value       = aws_iam_role_policy.execution.policy
}

output "container" {
  description = "The container's definition"
  value       = jsondecode(aws_ecs_task_definition.this.container_definitions)[0]
}
