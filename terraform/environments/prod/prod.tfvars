# Survives a zone, and whoever types "destroy" in the wrong window.

environment = "prod"
protected   = true
log_days    = 90
tools       = true
trace_ratio = 0.05

network = {
  cidr          = "10.30.0.0/16"
  zones         = 3
  nat_gateways  = 3
  flow_log_days = 30
}

database = {
  instance_class  = "db.m7g.large"
  multi_az        = true
  storage_gib     = 100
  max_storage_gib = 1000
  max_connections = 520
  backup_days     = 14
  insights        = true
}

machines = {
  instance_type    = "c6i.large"
  cpu_architecture = "X86_64"
  min              = 3
  max              = 9
  target_capacity  = 80
}

services = {
  auth      = { cpu = 512, min = 2, max = 6 }
  workorder = { cpu = 512, min = 2, max = 6 }
  tracking  = { cpu = 512, min = 2, max = 6 }
}

gateway = {
  allowed_origin = "https://app.example.com"
  clients = {
    web    = { daily = 5000000 }
    mobile = { daily = 5000000 }
  }
}

# Yours.
people = {
  admin_email  = "admin@example.com"
  mail_from    = "MicroFlow <no-reply@example.com>"
  alarm_emails = ["operations@example.com"]
}
