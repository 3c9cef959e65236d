output "api_url" {
  description = "Where clients call, without a slash at the end"
  value       = module.gateway.url

  precondition {
    condition     = local.most_connections <= var.database.max_connections
    error_message = "All tasks together, twice during a deployment, may hold ${local.most_connections} connections; the database takes ${var.database.max_connections}."
  }
}

output "cluster_name" {
  value = module.cluster.cluster_name
}

output "service_names" {
  description = "In the cluster, by service"
  value       = { for service, s in module.service : service => s.name }
}

output "task_definition_arns" {
  description = "What each service is to run"
  value       = { for service, s in module.service : service => s.task_definition_arn }
}

output "migration_task_definition" {
  value = module.migrations.task_definition_arn
}

output "migration_subnets" {
  value = module.network.private_subnets
}

output "migration_security_groups" {
  value = [module.network.security_groups["migrations"]]
}

output "migration_log_group" {
  value = module.migrations.log_group
}

output "images" {
  description = "What was deployed last, to go back to"
  value       = var.images
}

output "started" {
  description = "Whether the services run"
  value       = var.started
}

output "secrets_prefix" {
  description = "What the names of all secrets begin with"
  value       = local.prefix
}

output "api_keys" {
  description = "By client"
  value       = module.gateway.api_keys
  sensitive   = true
}

# For tests.

output "task_policies" {
  description = "What each task may do, JSON by service"
  value       = { for service, s in module.service : service => s.task_policy }
}

output "execution_policies" {
  description = "What ECS may do to start each task, JSON by service"
  value       = { for service, s in module.service : service => s.execution_policy }
}

output "containers" {
  description = "The definition of each service's container"
  value       = { for service, s in module.service : service => s.container }
}
