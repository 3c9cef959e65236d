output "url" {
  description = "Where clients call, without a slash at the end"
  value       = local.url
}

output "api_name" {
  value = aws_api_gateway_rest_api.this.name
}

output "stage" {
  value = aws_api_gateway_stage.this.stage_name
}

output "api_keys" {
  description = "By client"
  value       = { for client, key in aws_api_gateway_api_key.client : client => key.value }
  sensitive   = true
}
