variable "environment" {
  description = "dev or prod; part of every name"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,7}$", var.environment))
    error_message = "Up to eight small letters and digits: names on AWS have little room."
  }
}

variable "region" {
  type = string
}

variable "images" {
  description = "Whole references of the images of auth, workorder, tracking and sql, with a digest or a tag"
  type        = map(string)

  validation {
    condition     = toset(keys(var.images)) == toset(["auth", "workorder", "tracking", "sql"])
    error_message = "Four images: auth, workorder, tracking, sql."
  }
}

variable "started" {
  description = "false: everything but the services' tasks, for the first time"
  type        = bool
}

variable "protected" {
  description = "Database, evidence and load balancer are not deleted by mistake"
  type        = bool
}

variable "network" {
  type = object({
    cidr          = string
    zones         = number
    nat_gateways  = number
    flow_log_days = number
  })
}

variable "database" {
  type = object({
    instance_class  = string
    multi_az        = bool
    storage_gib     = number
    max_storage_gib = number
    max_connections = number
    backup_days     = number
    insights        = bool
  })
}

variable "machines" {
  type = object({
    instance_type    = string
    cpu_architecture = string
    min              = number
    max              = number
    target_capacity  = number
  })
}

variable "services" {
  description = "By service: its share of a processor in 1/1,024, the MiB of a task, and how many tasks"
  type = map(object({
    cpu    = number
    memory = optional(number, 256)
    min    = number
    max    = number
  }))

  validation {
    condition     = toset(keys(var.services)) == toset(["auth", "workorder", "tracking"])
    error_message = "Three services: auth, workorder, tracking."
  }
}

variable "gateway" {
  type = object({
    allowed_origin   = string
    throttle         = optional(object({ rate = number, burst = number }))
    clients          = map(object({ rate = optional(number), burst = optional(number), daily = number }))
    domain           = optional(object({ name = string, certificate_arn = string, zone_id = optional(string) }))
    firewall_rate    = optional(number)
    internal_tls     = optional(object({ name = string, certificate_arn = string }))
    api_document     = optional(string)
    smoke_per_second = optional(number, 5)
  })
}

variable "people" {
  description = "Whose addresses are needed: the first ADMIN's, the sender of all mail, and whoever is told of alarms"
  type = object({
    admin_email  = string
    mail_from    = string
    alarm_emails = list(string)
  })
}

variable "settings" {
  description = "Further settings of a service, by service and name, such as workorder = { BUSINESS_TIME_ZONE = \"America/Bogota\" }"
  type        = map(map(string))
  default     = {}
}

variable "push_applications" {
  description = "Names of SNS platform applications that tracking may push to; a star stands for any end"
  type        = list(string)
  default     = []
}

variable "trace_ratio" {
  description = "Which part of the traces is recorded, 0 to 1"
  type        = number
  default     = 0.05
}

variable "log_days" {
  type = number
}

variable "tools" {
  description = "Prometheus, Grafana and the collector of traces"
  type        = bool
}

variable "boundary" {
  description = "The name of the policy beyond which no role goes; terraform/bootstrap makes it"
  type        = string
  default     = "microflow-boundary"
}

variable "root_certificate_parameter" {
  description = "Where the root certificate of RDS is kept; terraform/bootstrap puts it there"
  type        = string
  default     = "/microflow/database-root-certificate"
}
