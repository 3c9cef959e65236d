mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::microflow-terraform-123456789012" }
  }
}

variables {
  region                    = "us-east-1"
  repository                = "telconova/microflow"
  database_root_certificate = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n"
}

run "names_that_the_pipeline_knows" {
  command = apply

  assert {
    condition     = toset([for r in aws_iam_role.github : r.name]) == toset(["microflow-github-build", "microflow-github-deploy-dev", "microflow-github-deploy-prod"])
    error_message = "The pipeline takes on these roles."
  }

  assert {
    condition     = toset([for r in aws_ecr_repository.image : r.name]) == toset(["microflow/auth", "microflow/workorder", "microflow/tracking", "microflow/sql"])
    error_message = "Four repositories."
  }

  assert {
    condition     = alltrue([for r in aws_ecr_repository.image : r.image_tag_mutability == "IMMUTABLE"]) && output.state_bucket == "microflow-terraform-123456789012"
    error_message = "Tags that do not move, and the bucket that deploy.sh looks for."
  }
}

run "who_may_take_on_which_role" {
  command = apply

  assert {
    condition = alltrue([for name, sub in {
      build       = "repo:telconova/microflow:ref:refs/heads/main"
      deploy-dev  = "repo:telconova/microflow:environment:dev"
      deploy-prod = "repo:telconova/microflow:environment:prod"
    } : jsondecode(aws_iam_role.github[name].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == sub])
    error_message = "Images from main only; deployments from their environment only."
  }

  assert {
    condition     = alltrue([for r in aws_iam_role.github : jsondecode(r.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"])
    error_message = "Tokens that were made for AWS."
  }
}

run "nobody_gives_themselves_more" {
  command = apply

  assert {
    condition = alltrue([for p in aws_iam_role_policy.deploy : alltrue([
      for s in jsondecode(p.policy).Statement : try(s.Condition.StringEquals["iam:PermissionsBoundary"], "") == "arn:aws:iam::123456789012:policy/microflow-boundary"
      if length(setintersection(s.Action, ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"])) > 0
    ])])
    error_message = "A role is made, and gets policies, within the boundary only."
  }

  assert {
    condition = alltrue([for p in aws_iam_role_policy.deploy : alltrue([
      for s in jsondecode(p.policy).Statement : !contains(s.Action, "iam:PutRolePermissionsBoundary") && !contains(s.Action, "iam:DeleteRolePermissionsBoundary") && !contains(s.Action, "iam:CreatePolicyVersion")
    ])])
    error_message = "The boundary is not theirs to move."
  }

  assert {
    condition     = !strcontains(jsonencode([for s in jsondecode(aws_iam_policy.boundary.policy).Statement : s.Action if s.Effect == "Allow"]), "iam:")
    error_message = "No task and no machine has anything to do with rights."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.deploy["dev"].policy, "microflow-terraform-123456789012/prod/*") && !strcontains(aws_iam_role_policy.deploy["dev"].policy, "role/microflow-prod")
    error_message = "dev touches neither the state nor the roles of prod."
  }

  assert {
    condition     = toset(flatten([for s in jsondecode(aws_iam_role_policy.build.policy).Statement : [for a in s.Action : split(":", a)[0]]])) == toset(["ecr"])
    error_message = "Whoever builds may push images, nothing else."
  }
}

run "a_whole_bundle_is_refused" {
  command = plan

  variables {
    database_root_certificate = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n"
  }

  expect_failures = [var.database_root_certificate]
}

run "a_star_for_a_repository_is_refused" {
  command = plan

  variables {
    repository = "telconova/*"
  }

  expect_failures = [var.repository]
}
