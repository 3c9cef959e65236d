mock_provider "aws" {
  mock_resource "aws_apigatewayv2_vpc_link" {
    defaults = { id = "link1" }
  }
  mock_resource "aws_api_gateway_stage" {
    defaults = { invoke_url = "https://abc.execute-api.us-east-1.amazonaws.com/v1" }
  }
}

variables {
  prefix            = "microflow-test"
  api_document      = "tests/openapi.json"
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/microflow-test/1"
  load_balancer_url = "http://internal-microflow-test.elb.amazonaws.com"
  subnets           = ["subnet-1", "subnet-2"]
  security_group    = "sg-1"
  allowed_origin    = "https://app.example.com"
  clients           = { web = { daily = 100000 }, smoke = { rate = 5, burst = 10, daily = 1000 } }
  log_days          = 30
  key_arn           = "arn:aws:kms:us-east-1:123456789012:key/1"
}

run "the_document_leads_to_the_load_balancer" {
  command = apply

  assert {
    condition = alltrue([for wanted, value in {
      uri               = "http://internal-microflow-test.elb.amazonaws.com/orders"
      connectionId      = "link1"
      integrationTarget = var.load_balancer_arn
      connectionType    = "VPC_LINK"
    } : jsondecode(aws_api_gateway_rest_api.this.body).paths["/orders"].get["x-amazon-apigateway-integration"][wanted] == value])
    error_message = "By the link, to the load balancer."
  }

  assert {
    condition = (strcontains(aws_api_gateway_rest_api.this.body, "https://app.example.com")
    && jsondecode(aws_api_gateway_rest_api.this.body).paths["/orders"].get.responses["200"].description == "The orders, $${not} a variable.")
    error_message = "What is a variable is replaced, and what only looks like one is not."
  }

  assert {
    condition     = one(aws_api_gateway_rest_api.this.endpoint_configuration).types == tolist(["REGIONAL"])
    error_message = "Regional: X-Forwarded-For has the client, and no CloudFront, at its end."
  }
}

run "throttling_by_operation" {
  command = apply

  assert {
    condition = toset(keys(aws_api_gateway_method_settings.operation)) == toset([
      "~1orders/GET", "~1orders~1{id}~1assign/POST",
    ])
    error_message = "Each operation with a limit of its own, by the name that API Gateway has for it."
  }

  assert {
    condition = (one(aws_api_gateway_method_settings.operation["~1orders/GET"].settings).throttling_rate_limit == 50
    && one(aws_api_gateway_method_settings.operation["~1orders/GET"].settings).throttling_burst_limit == 100)
    error_message = "With its figures."
  }

  assert {
    condition     = !anytrue([for s in concat([aws_api_gateway_method_settings.all], values(aws_api_gateway_method_settings.operation)) : one(s.settings).metrics_enabled])
    error_message = "Metrics of each operation cost more than the gateway's requests do."
  }

  assert {
    condition     = one(aws_api_gateway_method_settings.all.settings).throttling_rate_limit == 100 && !one(aws_api_gateway_method_settings.all.settings).data_trace_enabled
    error_message = "All others have the common limit, and no body is ever logged."
  }
}

run "throttling_by_key" {
  command = apply

  assert {
    condition = (length(aws_api_gateway_usage_plan_key.client) == 2
      && one(aws_api_gateway_usage_plan.client["web"].throttle_settings).rate_limit == 50
      && one(aws_api_gateway_usage_plan.client["smoke"].throttle_settings).rate_limit == 5
    && one(aws_api_gateway_usage_plan.client["web"].quota_settings).limit == 100000)
    error_message = "Each client has a key and a plan: the document's, or its own."
  }
}

run "no_secret_in_the_access_log" {
  command = apply

  assert {
    condition     = !strcontains(one(aws_api_gateway_stage.this.access_log_settings).format, "$context.path") && strcontains(one(aws_api_gateway_stage.this.access_log_settings).format, "$context.resourcePath")
    error_message = "Routes, not paths."
  }
}

run "published_with_its_documentation" {
  command = apply

  assert {
    condition     = aws_api_gateway_stage.this.documentation_version == aws_api_gateway_documentation_version.this.version
    error_message = "The stage publishes this document's descriptions."
  }
}

run "by_the_name_that_aws_gives_and_without_a_firewall" {
  command = apply

  assert {
    condition     = output.url == "https://abc.execute-api.us-east-1.amazonaws.com/v1" && length(aws_wafv2_web_acl.this) == 0 && !aws_api_gateway_rest_api.this.disable_execute_api_endpoint
    error_message = "Unless told otherwise."
  }
}

run "by_a_name_of_our_own_only" {
  command = apply

  variables {
    domain        = { name = "api.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" }
    firewall_rate = 2000
  }

  assert {
    condition     = output.url == "https://api.example.com" && aws_api_gateway_rest_api.this.disable_execute_api_endpoint && length(aws_route53_record.this) == 0
    error_message = "The other name is closed."
  }

  assert {
    condition     = length(aws_wafv2_web_acl_association.this) == 1
    error_message = "The firewall stands before the stage."
  }
}
