output "key_arn" {
  value = aws_kms_key.this.arn
}

output "arns" {
  description = "By name without the prefix, such as auth/master-key"
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}
