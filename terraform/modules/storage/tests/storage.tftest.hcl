mock_provider "aws" {}

variables {
  prefix     = "microflow-test"
  account_id = "123456789012"
  deletable  = false
}

run "nobody_from_outside" {
  command = apply

  assert {
    condition = length(aws_s3_bucket_public_access_block.this) == 2 && alltrue([
      for b in aws_s3_bucket_public_access_block.this :
      b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets
    ])
    error_message = "Neither bucket can be made public."
  }

  assert {
    condition = alltrue([for p in aws_s3_bucket_policy.this : anytrue([
      for s in jsondecode(p.policy).Statement :
      s.Effect == "Deny" && s.Action == "s3:*" && try(s.Condition.Bool["aws:SecureTransport"], "") == "false" && length(flatten([s.Resource])) == 2
    ])])
    error_message = "Buckets and objects refuse whoever comes without TLS."
  }

  assert {
    condition     = aws_s3_bucket.evidence.bucket == "microflow-test-evidence-123456789012" && !aws_s3_bucket.evidence.force_destroy
    error_message = "Evidence has the account in its name, and is not destroyed with its bucket."
  }
}

run "encrypted_with_our_key" {
  command = apply

  assert {
    condition = alltrue([for e in aws_s3_bucket_server_side_encryption_configuration.this :
      one(e.rule).apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms"
      && one(e.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.files.arn
      && one(e.rule).bucket_key_enabled
    ])
    error_message = "Objects are encrypted with our key."
  }

  assert {
    condition = alltrue([for p in aws_s3_bucket_policy.this : alltrue([
      for s in jsondecode(p.policy).Statement :
      try(s.Condition.Null["s3:x-amz-server-side-encryption-aws-kms-key-id"], "") == "false" && can(s.Condition.StringNotEquals)
      if s.Action == "s3:PutObject"
    ])])
    error_message = "Who names no key, as tracking does, is not refused."
  }

  assert {
    condition     = aws_kms_key.files.enable_key_rotation
    error_message = "The key rotates."
  }
}

run "what_is_left_behind_goes" {
  command = apply

  assert {
    condition     = one([for r in aws_s3_bucket_lifecycle_configuration.evidence.rule : r.abort_incomplete_multipart_upload[0].days_after_initiation if r.id == "unfinished-uploads"]) == 1
    error_message = "Parts of unfinished uploads go after a day: the service leaves them to this rule."
  }

  assert {
    condition     = alltrue([for v in aws_s3_bucket_versioning.this : v.versioning_configuration[0].status == "Enabled"])
    error_message = "What is overwritten or deleted can be brought back."
  }
}
