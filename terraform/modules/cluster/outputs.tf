output "cluster_arn" {
  value = aws_ecs_cluster.this.arn
}

output "cluster_name" {
  value = aws_ecs_cluster.this.name
}

output "capacity_provider" {
  # Only once the cluster has it.
  value      = aws_ecs_capacity_provider.this.name
  depends_on = [aws_ecs_cluster_capacity_providers.this]
}

output "autoscaling_group" {
  value = aws_autoscaling_group.this.name
}

output "cpu_architecture" {
  value = var.cpu_architecture
}

output "load_balancer" {
  description = "What services, gateway and alarms need of it"
  value = {
    arn          = aws_lb.this.arn
    arn_suffix   = aws_lb.this.arn_suffix
    dns_name     = aws_lb.this.dns_name
    listener_arn = aws_lb_listener.this.arn
  }
}
