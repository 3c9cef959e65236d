variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}

variable "subnets" {
  description = "Of two zones at least, without a way out"
  type        = list(string)
}

variable "security_group" {
  description = "Decides who may connect"
  type        = string
}

variable "instance_class" {
  description = "Such as db.t4g.small"
  type        = string
}

variable "engine_version" {
  description = "PostgreSQL's major version; minor ones come in the maintenance window"
  type        = string
  default     = "18"
}

variable "multi_az" {
  description = "A standby in another zone, which takes over within a minute or two"
  type        = bool
}

variable "storage_gib" {
  description = "To begin with; it grows by itself"
  type        = number
}

variable "max_storage_gib" {
  description = "How far storage may grow by itself"
  type        = number
}

variable "max_connections" {
  description = "What the server takes; each task holds up to 13"
  type        = number
}

variable "backup_days" {
  description = "How far back a moment can be restored, 1 to 35"
  type        = number
}

variable "protected" {
  description = "Not deleted by mistake, and a last snapshot is taken"
  type        = bool
}

variable "insights" {
  description = "Performance Insights for 7 days, which small instance classes lack"
  type        = bool
}

variable "key_arn" {
  description = "The KMS key of data, backups and the master password"
  type        = string
}

variable "permissions_boundary" {
  description = "The policy beyond which no role goes; null for none"
  type        = string
  default     = null
}
