# Who may open a connection to whom. Each line becomes two rules, one at either end; what has no line
# is refused.

locals {
  services = { auth = 8081, workorder = 8082, tracking = 8083 }

  groups = toset(concat(keys(local.services), [
    "vpc-link", "load-balancer", "migrations", "database", "instances",
    "prometheus", "grafana", "collector",
  ]))

  postgresql = 5432
  otlp       = 4318

  of_services = flatten([for service, port in local.services : [
    { from = "load-balancer", to = service, port = port },
    { from = "load-balancer", to = service, port = port + 1000 }, # health, on the admin port
    { from = "prometheus", to = service, port = port + 1000 },    # metrics
    { from = "instances", to = service, port = port + 1000 },     # recordings, by a tunnel through SSM
    { from = service, to = "load-balancer", port = var.listener_port },
    { from = service, to = "database", port = local.postgresql },
    { from = service, to = "collector", port = local.otlp },
  ]])

  flows = { for f in concat(local.of_services, [
    { from = "vpc-link", to = "load-balancer", port = var.listener_port },
    { from = "migrations", to = "database", port = local.postgresql },
    { from = "grafana", to = "prometheus", port = 9090 },
    { from = "instances", to = "grafana", port = 3000 }, # people, by a tunnel through SSM
    { from = "instances", to = "prometheus", port = 9090 },
  ]) : "${f.from} to ${f.to} ${f.port}" => f }

  # Beyond the network, by NAT: AWS and image registries by HTTPS; mail by submission.
  outside = merge(
    { for group in concat(keys(local.services), ["instances", "prometheus", "grafana", "collector"]) :
    "${group} 443" => { from = group, port = 443 } },
    { "tracking 587" = { from = "tracking", port = 587 } },
  )
}

resource "aws_security_group" "this" {
  for_each = local.groups

  name        = "${var.prefix}-${each.key}"
  description = "MicroFlow: ${each.key}"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.prefix}-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "flow" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "flow" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "outside" {
  for_each = local.outside

  security_group_id = aws_security_group.this[each.value.from].id
  description       = "Out of the network"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}
