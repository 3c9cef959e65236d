output "evidence_bucket" {
  value = aws_s3_bucket.evidence.bucket
}

output "evidence_bucket_arn" {
  value = aws_s3_bucket.evidence.arn
}

output "settings_bucket" {
  value = aws_s3_bucket.settings.bucket
}

output "settings_bucket_arn" {
  value = aws_s3_bucket.settings.arn
}

output "key_arn" {
  description = "The key of both buckets"
  value       = aws_kms_key.files.arn
}
