variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}

variable "service" {
  description = "auth, workorder or tracking"
  type        = string
}

variable "account_id" {
  type = string
}

variable "region" {
  type = string
}

variable "image" {
  description = "Whole reference with a digest, or at least a tag"
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$|:[A-Za-z0-9_.-]+$", var.image)) && !endswith(var.image, ":latest")
    error_message = "An image is named by its digest or by a tag that does not move."
  }
}

variable "port" {
  description = "The API's; the admin port is 1,000 more"
  type        = number
}

variable "path_prefixes" {
  description = "What the load balancer sends here: each of them and everything below it"
  type        = list(string)
}

variable "exact_paths" {
  description = "Further paths, without what is below them"
  type        = list(string)
  default     = []
}

variable "priority" {
  description = "Of the first of its rules; leave ten for each service"
  type        = number
}

variable "environment" {
  description = "Settings that are no secrets, by name"
  type        = map(string)
}

variable "secrets" {
  description = "Settings by name that come from Secrets Manager or Parameter Store: ARNs"
  type        = map(string)
}

variable "task_statements" {
  description = "What the task may do beyond its own topic and inbox: IAM statements"
  type        = any # a list whose members differ in shape
  default     = []
}

variable "cluster" {
  description = "Where it runs"
  type = object({
    arn               = string
    name              = string
    capacity_provider = string
    cpu_architecture  = string
  })
}

variable "network" {
  description = "Where it is reached"
  type = object({
    vpc_id         = string
    subnets        = list(string)
    security_group = string
    namespace_id   = string
  })
}

variable "load_balancer" {
  description = "Who sends requests"
  type = object({
    listener_arn = string
    arn_suffix   = string
  })
}

variable "topic_arn" {
  description = "Where it publishes"
  type        = string
}

variable "inbox" {
  description = "Where it reads"
  type = object({
    arn             = string
    url             = string
    name            = string
    dead_letter_arn = string
  })
}

variable "messages_key_arn" {
  description = "The key of topics and queues"
  type        = string
}

variable "key_arn" {
  description = "The key of secrets and logs"
  type        = string
}

variable "alarm_topic_arn" {
  type = string
}

variable "started" {
  description = "false: everything but the tasks, until secrets and database are there"
  type        = bool
  default     = true
}

variable "cpu" {
  description = "Share of a processor in 1/1,024; more is used where there is more"
  type        = number
}

variable "memory" {
  description = "MiB; beyond them the kernel ends the task"
  type        = number
  default     = 256
}

variable "min_tasks" {
  type = number
}

variable "max_tasks" {
  type = number
}

variable "scaling" {
  description = "Beyond which a task gets help: percent of its processor share and of its memory, p99 in seconds, messages that wait for each task"
  type = object({
    cpu     = optional(number, 70)
    memory  = optional(number, 85)
    p99     = optional(number, 0.5)
    backlog = optional(number, 500)
  })
  default = {}
}

variable "log_days" {
  type = number
}

variable "permissions_boundary" {
  description = "The policy beyond which no role goes; null for none"
  type        = string
  default     = null
}
