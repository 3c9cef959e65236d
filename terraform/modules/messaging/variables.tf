variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}

variable "account_id" {
  description = "The account that owns the key"
  type        = string
}
