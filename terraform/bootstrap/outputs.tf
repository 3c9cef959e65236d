output "state_bucket" {
  value = aws_s3_bucket.state.bucket
}

output "repositories" {
  description = "By image"
  value       = { for image, repository in aws_ecr_repository.image : image => repository.repository_url }
}

output "github_roles" {
  value = { for name, role in aws_iam_role.github : name => role.arn }
}
