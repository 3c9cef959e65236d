# One PostgreSQL for three schemas and three roles, which the migrations make.

resource "aws_db_subnet_group" "this" {
  name       = var.prefix
  subnet_ids = var.subnets
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.prefix}-"
  family      = "postgres${var.engine_version}"

  # Nobody talks to it in plain text.
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name         = "max_connections"
    value        = var.max_connections
    apply_method = "pending-reboot"
  }

  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements"
    apply_method = "pending-reboot"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "500" # ms
  }

  parameter {
    name  = "log_lock_waits"
    value = "1"
  }

  # Statements with their parameters would put persons into the log.
  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }

  parameter {
    name  = "log_parameter_max_length_on_error"
    value = "0"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier     = var.prefix
  engine         = "postgres"
  engine_version = var.engine_version
  instance_class = var.instance_class
  db_name        = "microflow"
  username       = "microflow_admin"

  # RDS makes it, keeps it in Secrets Manager and changes it each week. Only the migrations read it.
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.key_arn

  multi_az               = var.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [var.security_group]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name

  # Its root is the certificate that tasks are given to check it by.
  ca_cert_identifier = "rds-ca-rsa2048-g1"

  storage_type          = "gp3"
  allocated_storage     = var.storage_gib
  max_allocated_storage = var.max_storage_gib
  storage_encrypted     = true
  kms_key_id            = var.key_arn

  backup_retention_period   = var.backup_days
  backup_window             = "07:00-08:00" # UTC; two in the morning in Bogotá
  maintenance_window        = "sun:08:30-sun:09:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !var.protected
  deletion_protection       = var.protected
  skip_final_snapshot       = !var.protected
  final_snapshot_identifier = "${var.prefix}-final"

  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  apply_immediately           = false

  performance_insights_enabled          = var.insights
  performance_insights_kms_key_id       = var.insights ? var.key_arn : null
  performance_insights_retention_period = var.insights ? 7 : null
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports       = ["postgresql"]

  depends_on = [aws_iam_role_policy_attachment.monitoring]
}

resource "aws_iam_role" "monitoring" {
  name                 = "${var.prefix}-database-monitoring"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
