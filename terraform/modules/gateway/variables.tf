variable "prefix" {
  description = "What every name begins with, such as microflow-dev"
  type        = string
}


variable "api_document" {
  description = <<-E
    The OpenAPI 3.0 document with AWS' extensions, a template with the variables api_name, vpc_link_id,
    load_balancer_arn, load_balancer_url and allowed_origin. `./microflow gateway-api` writes it from docs/openapi.
    null for this module's own openapi.json.
  E
  type        = string
  default     = null
}

variable "load_balancer_arn" {
  type = string
}

variable "load_balancer_url" {
  description = "Such as http://internal-….elb.amazonaws.com, without a slash at the end"
  type        = string
}

variable "subnets" {
  description = "Where the link enters the network"
  type        = list(string)
}

variable "security_group" {
  description = "The link's"
  type        = string
}

variable "allowed_origin" {
  description = "Of the pages that may call the API from a browser: one origin, or *"
  type        = string
}

variable "throttle" {
  description = "Requests a second over all clients, and how many at once, where an operation says nothing of its own; null for what the document says"
  type = object({
    rate  = number
    burst = number
  })
  default = null
}

variable "clients" {
  description = "Who gets an API key, each with requests a second and how many at once, where the document is not to decide, and requests a day"
  type = map(object({
    rate  = optional(number)
    burst = optional(number)
    daily = number
  }))
}

variable "domain" {
  description = "A name of our own with the ARN of its certificate in this region, and its Route 53 zone or null where DNS is elsewhere; null for the name that AWS gives"
  type = object({
    name            = string
    certificate_arn = string
    zone_id         = optional(string)
  })
  default = null
}

variable "firewall_rate" {
  description = "Requests of one address in five minutes, beyond which WAF refuses it; null for no WAF, which costs by itself"
  type        = number
  default     = null
}

variable "log_days" {
  type = number
}

variable "key_arn" {
  description = "The key of logs"
  type        = string
}
