variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}

variable "subnets" {
  description = "The private subnets"
  type        = list(string)
}

variable "instances_security_group" {
  type = string
}

variable "load_balancer_security_group" {
  type = string
}

variable "instance_type" {
  description = "One that takes network interfaces for many tasks (ENI trunking): c5, c6i, c7i, m6i and the like, never t3"
  type        = string

  validation {
    condition     = !startswith(var.instance_type, "t")
    error_message = "Burstable types have no trunk: two tasks would fill a machine."
  }
}

variable "cpu_architecture" {
  description = "X86_64 or ARM64, as the images and the instance type have it"
  type        = string
  default     = "X86_64"

  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "X86_64 or ARM64."
  }
}

variable "min_instances" {
  type = number
}

variable "max_instances" {
  type = number
}

variable "target_capacity" {
  description = "How full the machines may be, in percent; what is missing to 100 starts tasks at once"
  type        = number

  validation {
    condition     = var.target_capacity >= 1 && var.target_capacity <= 100
    error_message = "1 to 100."
  }
}

variable "certificate_arn" {
  description = "For TLS between API Gateway and load balancer; null for HTTP inside the network"
  type        = string
  default     = null
}

variable "deletion_protection" {
  type = bool
}

variable "permissions_boundary" {
  description = "The policy beyond which no role goes; null for none"
  type        = string
  default     = null
}
