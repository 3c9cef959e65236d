mock_provider "aws" {}

variables {
  prefix        = "microflow-test"
  region        = "us-east-1"
  cidr          = "10.20.0.0/16"
  zones         = ["us-east-1a", "us-east-1b", "us-east-1c"]
  nat_gateways  = 1
  namespace     = "test.microflow.internal"
  listener_port = 80
  log_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/1"
}

run "subnets" {
  command = apply

  assert {
    condition = length(setunion(
      [for s in aws_subnet.public : s.cidr_block],
      [for s in aws_subnet.private : s.cidr_block],
      [for s in aws_subnet.database : s.cidr_block],
    )) == 9
    error_message = "Nine subnets, none twice."
  }

  assert {
    condition     = join(" ", [for z in var.zones : aws_subnet.private[z].cidr_block]) == "10.20.16.0/20 10.20.32.0/20 10.20.48.0/20"
    error_message = "Private subnets lie side by side."
  }

  assert {
    condition     = join(" ", [for z in var.zones : aws_subnet.database[z].cidr_block]) == "10.20.8.0/24 10.20.9.0/24 10.20.10.0/24"
    error_message = "So do those of the database."
  }
}

run "one_way_out_for_all" {
  command = apply

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && alltrue([for r in aws_route.nat : r.nat_gateway_id == aws_nat_gateway.this["us-east-1a"].id])
    error_message = "One NAT gateway, which all zones use."
  }

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && length(aws_vpc_endpoint.s3.route_table_ids) == 3
    error_message = "S3 is reached without NAT from every zone."
  }
}

run "a_way_out_for_each_zone" {
  command = apply

  variables {
    nat_gateways = 3
  }

  assert {
    condition     = alltrue([for z in var.zones : aws_route.nat[z].nat_gateway_id == aws_nat_gateway.this[z].id])
    error_message = "Each zone goes out by itself."
  }
}

run "two_ways_out_for_three_zones_are_refused" {
  command = plan

  variables {
    nat_gateways = 2
  }

  expect_failures = [var.nat_gateways]
}

run "the_database_is_for_services_and_migrations" {
  command = apply

  assert {
    condition = toset([for r in aws_vpc_security_group_ingress_rule.flow : r.referenced_security_group_id if r.security_group_id == aws_security_group.this["database"].id]) == toset([
      for g in ["auth", "workorder", "tracking", "migrations"] : aws_security_group.this[g].id
    ])
    error_message = "Nobody else reaches the database."
  }

  assert {
    condition     = length([for r in aws_vpc_security_group_egress_rule.flow : r if r.security_group_id == aws_security_group.this["database"].id]) == 0
    error_message = "The database opens no connection."
  }
}

run "services_do_not_reach_each_other_but_by_the_load_balancer" {
  command = apply

  assert {
    condition = toset([for key, f in aws_vpc_security_group_ingress_rule.flow : key if f.security_group_id == aws_security_group.this["workorder"].id]) == toset([
      "load-balancer to workorder 8082", "load-balancer to workorder 9082", "prometheus to workorder 9082", "instances to workorder 9082",
    ])
    error_message = "API and health for the load balancer, the admin port for who looks after it, nothing else."
  }

  assert {
    condition     = toset([for r in aws_vpc_security_group_ingress_rule.flow : r.to_port if r.security_group_id == aws_security_group.this["load-balancer"].id]) == toset([80])
    error_message = "The load balancer is entered at its listener only."
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.flow) == keys(aws_vpc_security_group_egress_rule.flow)
    error_message = "Every way in is a way out of somewhere."
  }
}

run "only_tracking_sends_mail" {
  command = apply

  assert {
    condition     = [for key, r in aws_vpc_security_group_egress_rule.outside : key if r.to_port != 443] == ["tracking 587"]
    error_message = "Out of the network: HTTPS, and mail from tracking."
  }

  assert {
    condition     = !contains(keys(aws_vpc_security_group_egress_rule.outside), "migrations 443")
    error_message = "Migrations talk to the database and to nobody else."
  }
}
