variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}

variable "region" {
  type = string
}

variable "cidr" {
  description = "The network, a /16 of private addresses"
  type        = string

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15)) && endswith(var.cidr, "/16")
    error_message = "A network such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "Names of two or three availability zones"
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 3 && length(distinct(var.zones)) == length(var.zones)
    error_message = "Two or three different zones."
  }
}

variable "nat_gateways" {
  description = "1: cheap, and a zone that fails takes the others' way out along; or one for each zone"
  type        = number

  validation {
    condition     = var.nat_gateways == 1 || var.nat_gateways == length(var.zones)
    error_message = "One, or as many as there are zones."
  }
}

variable "namespace" {
  description = "The private DNS zone in which tasks are found, such as dev.microflow.internal"
  type        = string
}

variable "listener_port" {
  description = "Where the internal load balancer listens: 80, or 443 with a certificate"
  type        = number
}

variable "flow_log_days" {
  description = "How long refused connections are remembered; 0 for no flow log"
  type        = number
  default     = 0
}

variable "log_key_arn" {
  description = "The KMS key of logs"
  type        = string
}

variable "permissions_boundary" {
  description = "The policy beyond which no role goes; null for none"
  type        = string
  default     = null
}
