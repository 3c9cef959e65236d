# Small, and gone without a trace when it is destroyed.

environment = "dev"
protected   = false
log_days    = 7
tools       = true
trace_ratio = 1

network = {
  cidr          = "10.20.0.0/16"
  zones         = 2
  nat_gateways  = 1
  flow_log_days = 0
}

database = {
  instance_class  = "db.t4g.small"
  multi_az        = false
  storage_gib     = 20
  max_storage_gib = 50
  max_connections = 180
  backup_days     = 1
  insights        = false
}

machines = {
  instance_type    = "c6i.large"
  cpu_architecture = "X86_64"
  min              = 1
  max              = 3
  target_capacity  = 100
}

services = {
  auth      = { cpu = 256, min = 1, max = 2 }
  workorder = { cpu = 256, min = 1, max = 2 }
  tracking  = { cpu = 256, min = 1, max = 2 }
}

gateway = {
  allowed_origin = "*"
  clients        = { developers = { daily = 20000 } }
}

# Yours.
people = {
  admin_email  = "admin@example.com"
  mail_from    = "MicroFlow dev <no-reply@example.com>"
  alarm_emails = []
}
