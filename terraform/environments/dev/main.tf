# dev and prod have the same files but for their figures, which stand in dev.tfvars and prod.tfvars:
# terraform/check.sh compares them.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }

  # terraform/deploy.sh gives bucket, key and region.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "microflow"
      Environment = var.environment
    }
  }
}

module "stack" {
  source = "../../modules/stack"

  environment       = var.environment
  region            = var.region
  images            = var.images
  started           = var.started
  protected         = var.protected
  network           = var.network
  database          = var.database
  machines          = var.machines
  services          = var.services
  gateway           = var.gateway
  people            = var.people
  settings          = var.settings
  push_applications = var.push_applications
  trace_ratio       = var.trace_ratio
  log_days          = var.log_days
  tools             = var.tools
}
