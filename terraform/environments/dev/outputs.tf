output "api_url" {
  value = module.stack.api_url
}

output "cluster_name" {
  value = module.stack.cluster_name
}

output "service_names" {
  value = module.stack.service_names
}

output "task_definition_arns" {
  value = module.stack.task_definition_arns
}

output "migration_task_definition" {
  value = module.stack.migration_task_definition
}

output "migration_subnets" {
  value = module.stack.migration_subnets
}

output "migration_security_groups" {
  value = module.stack.migration_security_groups
}

output "migration_log_group" {
  value = module.stack.migration_log_group
}

output "images" {
  value = module.stack.images
}

output "started" {
  value = module.stack.started
}

output "secrets_prefix" {
  value = module.stack.secrets_prefix
}

output "api_keys" {
  value     = module.stack.api_keys
  sensitive = true
}
