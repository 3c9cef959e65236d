output "vpc_id" {
  value = aws_vpc.this.id
}

output "cidr" {
  description = "Every address that the network may give; tasks trust those as proxies"
  value       = var.cidr
}

output "private_subnets" {
  value = [for zone in var.zones : aws_subnet.private[zone].id]
}

output "database_subnets" {
  value = [for zone in var.zones : aws_subnet.database[zone].id]
}

output "security_groups" {
  description = "Ids by who they are for, such as auth or load-balancer"
  value       = { for name, group in aws_security_group.this : name => group.id }
}

output "namespace_id" {
  description = "Where tasks are found by name"
  value       = aws_service_discovery_private_dns_namespace.this.id
}
