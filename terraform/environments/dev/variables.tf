# What they mean, and in which units, says terraform/modules/stack/variables.tf.

variable "environment" {
  type = string
}

variable "region" {
  description = "terraform/deploy.sh takes it from AWS_REGION"
  type        = string
}

variable "images" {
  description = "By service, and sql: whole references. terraform/deploy.sh takes them from its file"
  type        = map(string)
}

variable "started" {
  description = "false for the first time, until secrets and schemas are there"
  type        = bool
  default     = true
}

variable "protected" {
  type = bool
}

variable "network" {
  type = any
}

variable "database" {
  type = any
}

variable "machines" {
  type = any
}

variable "services" {
  type = any
}

variable "gateway" {
  type = any
}

variable "people" {
  type = any
}

variable "settings" {
  type    = map(map(string))
  default = {}
}

variable "push_applications" {
  type    = list(string)
  default = []
}

variable "trace_ratio" {
  type = number
}

variable "log_days" {
  type = number
}

variable "tools" {
  type = bool
}
