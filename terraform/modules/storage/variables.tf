variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}

variable "account_id" {
  description = "Part of each bucket's name, which is unique in the whole world"
  type        = string
}

variable "deletable" {
  description = "Whether a bucket may be destroyed with what is in it"
  type        = bool
}

variable "old_version_days" {
  description = "How long deleted evidence can be brought back"
  type        = number
  default     = 30
}

variable "infrequent_days" {
  description = "When evidence moves to the class for what is seldom read"
  type        = number
  default     = 90
}
