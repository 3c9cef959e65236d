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

variable "key_arn" {
  description = "The key of logs, secrets and alarms"
  type        = string
}

variable "log_days" {
  type = number
}

variable "alarm_emails" {
  description = "Who is told of alarms; each confirms once"
  type        = list(string)
}

variable "watched" {
  description = "By name, what alarms look at"
  type = object({
    inboxes           = map(string)
    dead_letters      = map(string)
    topics            = map(string)
    database          = string
    cluster           = string
    autoscaling_group = string
    max_instances     = number
    api               = string
    stage             = string
  })
}

variable "limits" {
  description = "Beyond which somebody is told"
  type = object({
    message_age_seconds  = optional(number, 300)
    database_cpu         = optional(number, 80)
    database_connections = number
    database_free_gib    = optional(number, 10)
    database_memory_mib  = optional(number, 200)
    api_p99_seconds      = optional(number, 2)
    api_errors           = optional(number, 5)
  })
}

variable "tools" {
  description = "Prometheus, Grafana and the collector of traces as ECS services; false for none"
  type        = bool
}

variable "cluster" {
  type = object({
    arn               = string
    name              = string
    capacity_provider = string
    cpu_architecture  = string
  })
}

variable "network" {
  type = object({
    subnets         = list(string)
    security_groups = map(string)
    namespace       = string
    namespace_id    = string
  })
}

variable "settings" {
  description = "The bucket from which the tools get their files, and its key"
  type = object({
    bucket     = string
    bucket_arn = string
    key_arn    = string
  })
}

variable "grafana_secret_arn" {
  type = string
}

variable "images" {
  description = "Of the tools"
  type        = map(string)
  default = {
    prometheus   = "quay.io/prometheus/prometheus:v3.5.0"
    alertmanager = "quay.io/prometheus/alertmanager:v0.28.1"
    grafana      = "docker.io/grafana/grafana:12.1.0"
    collector    = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
    files        = "public.ecr.aws/aws-cli/aws-cli:2.27.0"
  }
}

variable "permissions_boundary" {
  description = "The policy beyond which no role goes; null for none"
  type        = string
  default     = null
}
