# One door for all clients: a REST API, imported from the same OpenAPI documents that the services are
# tested against, whose link leads to the internal load balancer.

locals {
  stage    = "v1"
  document = coalesce(var.api_document, "${path.module}/openapi.json")

  body = templatefile(local.document, {
    api_name          = var.prefix
    vpc_link_id       = aws_apigatewayv2_vpc_link.this.id
    load_balancer_arn = var.load_balancer_arn
    load_balancer_url = var.load_balancer_url
    allowed_origin    = var.allowed_origin
  })

  # The same, with names in place of what is known only after the first apply: how many settings there
  # are must be known before.
  read = jsondecode(templatefile(local.document, {
    api_name          = "api"
    vpc_link_id       = "link"
    load_balancer_arn = "arn"
    load_balancer_url = "http://load-balancer"
    allowed_origin    = "*"
  }))

  throttle = coalesce(var.throttle, local.read["x-throttle"])
  of_key   = local.read["x-throttle-key"]

  # API Gateway writes ~1 for each slash of a path, and so must we, or it finds no such method.
  # https://github.com/hashicorp/terraform-provider-aws/issues/9738
  throttles = merge([
    for path, operations in local.read.paths : {
      for method, operation in operations :
      "${replace(path, "/", "~1")}/${upper(method)}" => operation["x-throttle"]
      if can(operation["x-throttle"].rate)
    }
  ]...)

  url = var.domain == null ? aws_api_gateway_stage.this.invoke_url : "https://${var.domain.name}"
}

resource "aws_apigatewayv2_vpc_link" "this" {
  name               = var.prefix
  subnet_ids         = var.subnets
  security_group_ids = [var.security_group]
}

resource "aws_api_gateway_rest_api" "this" {
  name                         = var.prefix
  body                         = local.body
  put_rest_api_mode            = "overwrite"
  disable_execute_api_endpoint = var.domain != null

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

# The descriptions come with the import; this publishes them with the stage.
resource "aws_api_gateway_documentation_version" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  version     = substr(filesha256(local.document), 0, 12)
  description = "docs/openapi, as of this deployment"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  triggers    = { document = sha256(local.body) }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/${var.prefix}/gateway"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

resource "aws_api_gateway_stage" "this" {
  rest_api_id           = aws_api_gateway_rest_api.this.id
  deployment_id         = aws_api_gateway_deployment.this.id
  documentation_version = aws_api_gateway_documentation_version.this.version
  stage_name            = local.stage
  xray_tracing_enabled  = false # a trace begins where it can be told whole: in the services

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    # The route, never the path: that of a link in a mail is a secret.
    format = jsonencode({
      time       = "$context.requestTime"
      requestId  = "$context.requestId"
      client     = "$context.identity.sourceIp"
      key        = "$context.identity.apiKeyId"
      method     = "$context.httpMethod"
      route      = "$context.resourcePath"
      status     = "$context.status"
      length     = "$context.responseLength"
      latency    = "$context.responseLatency"
      backend    = "$context.integration.status"
      backendMs  = "$context.integration.latency"
      error      = "$context.error.messageString"
      validation = "$context.error.validationErrorString"
    })
  }
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "*/*"

  settings {
    metrics_enabled        = false # by operation they cost by the metric; services count by route
    logging_level          = "ERROR"
    data_trace_enabled     = false # it would write bodies and tokens
    throttling_rate_limit  = local.throttle.rate
    throttling_burst_limit = local.throttle.burst
  }
}

resource "aws_api_gateway_method_settings" "operation" {
  for_each = local.throttles

  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = each.key

  settings {
    metrics_enabled        = false
    logging_level          = "ERROR"
    data_trace_enabled     = false
    throttling_rate_limit  = coalesce(each.value.rate, local.of_key.rate)
    throttling_burst_limit = each.value.burst
  }

  # What is set for all would be set over it.
  depends_on = [aws_api_gateway_method_settings.all]
}

# A key says which application calls, and what it may; who calls is the token's to say.

resource "aws_api_gateway_api_key" "client" {
  for_each = var.clients

  name = "${var.prefix}-${each.key}"
}

resource "aws_api_gateway_usage_plan" "client" {
  for_each = var.clients

  name = "${var.prefix}-${each.key}"

  api_stages {
    api_id = aws_api_gateway_rest_api.this.id
    stage  = aws_api_gateway_stage.this.stage_name
  }

  throttle_settings {
    rate_limit  = coalesce(each.value.rate, local.of_key.rate)
    burst_limit = coalesce(each.value.burst, local.of_key.burst)
  }

  quota_settings {
    limit  = each.value.daily
    period = "DAY"
  }
}

resource "aws_api_gateway_usage_plan_key" "client" {
  for_each = var.clients

  key_id        = aws_api_gateway_api_key.client[each.key].id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.client[each.key].id
}

# A name of our own.

resource "aws_api_gateway_domain_name" "this" {
  count = var.domain == null ? 0 : 1

  domain_name              = var.domain.name
  regional_certificate_arn = var.domain.certificate_arn
  security_policy          = "TLS_1_2"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "this" {
  count = var.domain == null ? 0 : 1

  api_id      = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  domain_name = aws_api_gateway_domain_name.this[0].domain_name
}

resource "aws_route53_record" "this" {
  count = try(var.domain.zone_id, null) == null ? 0 : 1

  zone_id = var.domain.zone_id
  name    = var.domain.name
  type    = "A"

  alias {
    name                   = aws_api_gateway_domain_name.this[0].regional_domain_name
    zone_id                = aws_api_gateway_domain_name.this[0].regional_zone_id
    evaluate_target_health = false
  }
}

# A firewall, for whoever wants to pay for one. Only what cannot refuse an honest upload.

resource "aws_wafv2_web_acl" "this" {
  count = var.firewall_rate == null ? 0 : 1

  name  = var.prefix
  scope = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "rate"
    priority = 1

    action {
      block {}
    }

    statement {
      rate_based_statement {
        limit              = var.firewall_rate
        aggregate_key_type = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${var.prefix}-rate"
      sampled_requests_enabled   = false
    }
  }

  rule {
    name     = "reputation"
    priority = 2

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesAmazonIpReputationList"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${var.prefix}-reputation"
      sampled_requests_enabled   = false
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.prefix
    sampled_requests_enabled   = false
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.firewall_rate == null ? 0 : 1

  resource_arn = aws_api_gateway_stage.this.arn
  web_acl_arn  = aws_wafv2_web_acl.this[0].arn
}
