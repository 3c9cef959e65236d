output "jdbc_url" {
  description = <<-E
    The driver checks the server's name and certificate against the one in the variable
    DATABASE_ROOT_CERTIFICATE: an image without a shell has nobody to write it to a file.
  E
  value = join("", [
    "jdbc:postgresql://${aws_db_instance.this.address}:${aws_db_instance.this.port}/${aws_db_instance.this.db_name}",
    "?sslmode=verify-full",
    "&sslfactory=org.postgresql.ssl.SingleCertValidatingFactory",
    "&sslfactoryarg=env:DATABASE_ROOT_CERTIFICATE",
  ])
}

output "master_secret_arn" {
  description = "JSON with username and password"
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "identifier" {
  value = aws_db_instance.this.identifier
}
