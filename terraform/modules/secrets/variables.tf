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

variable "recovery_days" {
  description = "How long a deleted secret can be brought back; 0 deletes at once, so that its name is free again"
  type        = number
}
