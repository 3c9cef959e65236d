# An environment, whole. dev and prod are this with other figures.

data "aws_caller_identity" "this" {}

data "aws_availability_zones" "this" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  prefix     = "microflow-${var.environment}"
  namespace  = "${var.environment}.microflow.internal"
  account_id = data.aws_caller_identity.this.account_id
  boundary   = "arn:aws:iam::${local.account_id}:policy/${var.boundary}"

  root_certificate = "arn:aws:ssm:${var.region}:${local.account_id}:parameter${var.root_certificate_parameter}"

  internal_url = var.gateway.internal_tls == null ? "http://${module.cluster.load_balancer.dns_name}" : "https://${var.gateway.internal_tls.name}"
  public_url   = module.gateway.url

  cluster = {
    arn               = module.cluster.cluster_arn
    name              = module.cluster.cluster_name
    capacity_provider = module.cluster.capacity_provider
    cpu_architecture  = var.machines.cpu_architecture
  }

  # Connections of a task: ten for requests, one for readiness, and in the background two, or four of tracking's.
  connections_of_a_task = { auth = 13, workorder = 13, tracking = 15 }
  # While a deployment goes on, there are the old tasks and the new, and what makes the tables.
  most_connections = 2 * sum([for name, s in var.services : local.connections_of_a_task[name] * s.max]) + 13
}

module "network" {
  source = "../network"

  prefix               = local.prefix
  region               = var.region
  cidr                 = var.network.cidr
  zones                = slice(data.aws_availability_zones.this.names, 0, var.network.zones)
  nat_gateways         = var.network.nat_gateways
  namespace            = local.namespace
  listener_port        = var.gateway.internal_tls == null ? 80 : 443
  flow_log_days        = var.network.flow_log_days
  log_key_arn          = module.secrets.key_arn
  permissions_boundary = local.boundary
}

module "secrets" {
  source = "../secrets"

  prefix        = local.prefix
  account_id    = local.account_id
  region        = var.region
  recovery_days = var.protected ? 30 : 0
}

module "storage" {
  source = "../storage"

  prefix     = local.prefix
  account_id = local.account_id
  deletable  = !var.protected
}

module "messaging" {
  source = "../messaging"

  prefix     = local.prefix
  account_id = local.account_id
}

module "database" {
  source = "../database"

  prefix               = local.prefix
  subnets              = module.network.database_subnets
  security_group       = module.network.security_groups["database"]
  instance_class       = var.database.instance_class
  multi_az             = var.database.multi_az
  storage_gib          = var.database.storage_gib
  max_storage_gib      = var.database.max_storage_gib
  max_connections      = var.database.max_connections
  backup_days          = var.database.backup_days
  insights             = var.database.insights
  protected            = var.protected
  key_arn              = module.secrets.key_arn
  permissions_boundary = local.boundary
}

module "cluster" {
  source = "../cluster"

  prefix                       = local.prefix
  subnets                      = module.network.private_subnets
  instances_security_group     = module.network.security_groups["instances"]
  load_balancer_security_group = module.network.security_groups["load-balancer"]
  instance_type                = var.machines.instance_type
  cpu_architecture             = var.machines.cpu_architecture
  min_instances                = var.machines.min
  max_instances                = var.machines.max
  target_capacity              = var.machines.target_capacity
  certificate_arn              = try(var.gateway.internal_tls.certificate_arn, null)
  deletion_protection          = var.protected
  permissions_boundary         = local.boundary
}

module "gateway" {
  source = "../gateway"

  prefix            = local.prefix
  api_document      = var.gateway.api_document
  load_balancer_arn = module.cluster.load_balancer.arn
  load_balancer_url = local.internal_url
  subnets           = module.network.private_subnets
  security_group    = module.network.security_groups["vpc-link"]
  allowed_origin    = var.gateway.allowed_origin
  throttle          = var.gateway.throttle
  domain            = var.gateway.domain
  firewall_rate     = var.gateway.firewall_rate
  log_days          = var.log_days
  key_arn           = module.secrets.key_arn

  # The smoke test comes as a client like any other.
  clients = merge(var.gateway.clients, {
    smoke = { rate = var.gateway.smoke_per_second, burst = 2 * var.gateway.smoke_per_second, daily = 1000 }
  })
}

module "observability" {
  source = "../observability"

  prefix               = local.prefix
  account_id           = local.account_id
  region               = var.region
  key_arn              = module.secrets.key_arn
  log_days             = var.log_days
  alarm_emails         = var.people.alarm_emails
  tools                = var.tools && var.started
  cluster              = local.cluster
  grafana_secret_arn   = module.secrets.arns["grafana/admin-password"]
  permissions_boundary = local.boundary

  limits = {
    database_connections = floor(0.8 * var.database.max_connections)
  }

  watched = {
    inboxes           = { for service, inbox in module.messaging.inboxes : service => inbox.name }
    dead_letters      = { for service, inbox in module.messaging.inboxes : service => inbox.dead_letter_name }
    topics            = { for service in keys(var.services) : service => "${local.prefix}-${service}" }
    database          = module.database.identifier
    cluster           = module.cluster.cluster_name
    autoscaling_group = module.cluster.autoscaling_group
    max_instances     = var.machines.max
    api               = local.prefix
    stage             = module.gateway.stage
  }

  network = {
    subnets         = module.network.private_subnets
    security_groups = module.network.security_groups
    namespace       = local.namespace
    namespace_id    = module.network.namespace_id
  }

  settings = {
    bucket     = module.storage.settings_bucket
    bucket_arn = module.storage.settings_bucket_arn
    key_arn    = module.storage.key_arn
  }
}

module "migrations" {
  source = "../migrations"

  prefix               = local.prefix
  account_id           = local.account_id
  region               = var.region
  image                = var.images["sql"]
  cpu_architecture     = var.machines.cpu_architecture
  database_url         = module.database.jdbc_url
  master_secret_arn    = module.database.master_secret_arn
  key_arn              = module.secrets.key_arn
  log_days             = var.log_days
  permissions_boundary = local.boundary

  secrets = {
    AUTH_DATABASE_PASSWORD      = module.secrets.arns["auth/database-password"]
    WORKORDER_DATABASE_PASSWORD = module.secrets.arns["workorder/database-password"]
    TRACKING_DATABASE_PASSWORD  = module.secrets.arns["tracking/database-password"]
    DATABASE_ROOT_CERTIFICATE   = local.root_certificate
  }
}

locals {
  # Which paths are whose. A test of the Java build holds them to what docs/openapi documents.
  paths = jsondecode(file("${path.module}/paths.json"))

  services = {
    auth = {
      port     = 8081
      priority = 10
      environment = {
        TRACKING_URL = local.internal_url
        ADMIN_EMAIL  = var.people.admin_email
      }
      secrets = {
        AUTH_MASTER_KEY = module.secrets.arns["auth/master-key"]
        ADMIN_PASSWORD  = module.secrets.arns["auth/first-admin-password"]
      }
      task_statements = []
    }

    workorder = {
      port     = 8082
      priority = 20
      environment = {
        JWKS_URL     = "${local.internal_url}/.well-known/jwks.json"
        AUTH_URL     = local.internal_url
        TRACKING_URL = local.internal_url
      }
      secrets         = {}
      task_statements = []
    }

    tracking = {
      port     = 8083
      priority = 30
      environment = {
        JWKS_URL        = "${local.internal_url}/.well-known/jwks.json"
        WORKORDER_URL   = local.internal_url
        MAIL_FROM       = var.people.mail_from
        PUBLIC_URL      = local.public_url
        EVIDENCE_STORE  = "s3"
        EVIDENCE_BUCKET = module.storage.evidence_bucket
      }
      secrets         = { SMTP_URL = module.secrets.arns["tracking/smtp-url"] }
      task_statements = local.tracking_statements
    }
  }

  tracking_statements = concat(
    [
      {
        Sid      = "KeepEvidence"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        Resource = ["${module.storage.evidence_bucket_arn}/*"]
      },
      {
        # To whoever may not list, S3 says 403 of what is not there, and not 404.
        Sid      = "TellWhatIsNotThere"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [module.storage.evidence_bucket_arn]
      },
      {
        Sid      = "TheKeyOfEvidence"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = [module.storage.key_arn]
        Condition = {
          StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" }
        }
      },
      {
        # A phone number is no resource: everything that is no topic and no endpoint.
        Sid         = "SendTexts"
        Effect      = "Allow"
        Action      = ["sns:Publish"]
        NotResource = ["arn:aws:sns:*:*:*"]
      },
    ],
    # An endpoint is taken at the user's word: only our own applications count.
    [for endpoints in [[for name in var.push_applications : "arn:aws:sns:${var.region}:${local.account_id}:endpoint/*/${name}/*"]] : {
      Sid      = "PushToOurApplications"
      Effect   = "Allow"
      Action   = ["sns:Publish"]
      Resource = endpoints
    } if length(endpoints) > 0],
  )
}

module "service" {
  source   = "../service"
  for_each = local.services

  prefix               = local.prefix
  service              = each.key
  account_id           = local.account_id
  region               = var.region
  image                = var.images[each.key]
  port                 = each.value.port
  path_prefixes        = local.paths[each.key].prefixes
  exact_paths          = local.paths[each.key].exact
  priority             = each.value.priority
  task_statements      = each.value.task_statements
  cluster              = local.cluster
  load_balancer        = module.cluster.load_balancer
  topic_arn            = module.messaging.topic_arns[each.key]
  inbox                = module.messaging.inboxes[each.key]
  messages_key_arn     = module.messaging.key_arn
  key_arn              = module.secrets.key_arn
  alarm_topic_arn      = module.observability.alarm_topic_arn
  started              = var.started
  cpu                  = var.services[each.key].cpu
  memory               = var.services[each.key].memory
  min_tasks            = var.services[each.key].min
  max_tasks            = var.services[each.key].max
  log_days             = var.log_days
  permissions_boundary = local.boundary

  network = {
    vpc_id         = module.network.vpc_id
    subnets        = module.network.private_subnets
    security_group = module.network.security_groups[each.key]
    namespace_id   = module.network.namespace_id
  }

  environment = merge(
    {
      DATABASE_URL  = module.database.jdbc_url
      DATABASE_USER = each.key
      TOKEN_ISSUER  = local.public_url
      # The load balancer and the link are somewhere in the network; the client is whom they name.
      TRUSTED_PROXIES          = module.network.cidr
      CORS_ALLOWED_ORIGIN      = var.gateway.allowed_origin
      OTEL_TRACES_SAMPLER_ARG  = tostring(var.trace_ratio)
      OTEL_RESOURCE_ATTRIBUTES = "deployment.environment.name=${var.environment}"
    },
    var.tools ? { OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector.${local.namespace}:4318" } : {},
    each.value.environment,
    lookup(var.settings, each.key, {}),
  )

  secrets = merge(each.value.secrets, {
    DATABASE_PASSWORD         = module.secrets.arns["${each.key}/database-password"]
    DATABASE_ROOT_CERTIFICATE = local.root_certificate
  })
}
