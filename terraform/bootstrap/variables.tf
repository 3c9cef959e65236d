variable "region" {
  description = "Where everything runs"
  type        = string
}

variable "repository" {
  description = "On GitHub, such as telconova/microflow"
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.repository))
    error_message = "An owner and a name, such as telconova/microflow: a star would let strangers in."
  }
}

variable "environments" {
  description = "Those that live in this account"
  type        = list(string)
  default     = ["dev", "prod"]
}

variable "database_root_certificate" {
  description = "The root certificate of RDS in this region whose name ends in RSA2048 G1, PEM: see docs/deploy.md"
  type        = string

  validation {
    condition     = length(regexall("-----BEGIN CERTIFICATE-----", var.database_root_certificate)) == 1 && length(var.database_root_certificate) < 4096
    error_message = "One certificate, not the whole bundle: the driver takes one, and a parameter 4 KiB."
  }
}
