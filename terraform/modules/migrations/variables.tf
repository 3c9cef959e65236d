variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}

variable "account_id" {
  type = string
}

variable "region" {
  type = string
}

variable "image" {
  description = "Of microflow/sql, with a digest or a tag"
  type        = string
}

variable "cpu_architecture" {
  type = string
}

variable "database_url" {
  type = string
}

variable "master_secret_arn" {
  description = "JSON with username and password"
  type        = string
}

variable "secrets" {
  description = "Further settings by name: ARNs"
  type        = map(string)
}

variable "key_arn" {
  description = "The key of secrets and logs"
  type        = string
}

variable "log_days" {
  type = number
}

variable "permissions_boundary" {
  description = "The policy beyond which no role goes; null for none"
  type        = string
  default     = null
}
