# Machines that come and go with the tasks on them, and the load balancer in front.

resource "aws_ecs_cluster" "this" {
  name = var.prefix

  # Prometheus tells what Container Insights would, and more.
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

data "aws_ssm_parameter" "ami" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/${var.cpu_architecture == "ARM64" ? "arm64/" : ""}recommended/image_id"
}

resource "aws_launch_template" "this" {
  name_prefix            = "${var.prefix}-"
  image_id               = data.aws_ssm_parameter.ami.insecure_value
  instance_type          = var.instance_type
  update_default_version = true
  vpc_security_group_ids = [var.instances_security_group]

  # Tasks do not get at the machine's own rights.
  user_data = base64encode(<<-E
    #!/bin/bash
    cat >>/etc/ecs/ecs.config <<'CONFIG'
    ECS_CLUSTER=${aws_ecs_cluster.this.name}
    ECS_AWSVPC_BLOCK_IMDS=true
    ECS_RESERVED_MEMORY=256
    ECS_IMAGE_PULL_BEHAVIOR=prefer-cached
    ECS_CONTAINER_STOP_TIMEOUT=60s
    CONFIG
  E
  )

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required" # IMDSv2
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = 30
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = var.prefix }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_autoscaling_group" "this" {
  name                  = var.prefix
  min_size              = var.min_instances
  max_size              = var.max_instances
  vpc_zone_identifier   = var.subnets
  protect_from_scale_in = true # ECS lifts it where no task runs
  health_check_type     = "EC2"
  max_instance_lifetime = 30 * 24 * 60 * 60 # nobody patches a machine: it is replaced

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage       = 100
      scale_in_protected_instances = "Refresh"
    }
  }

  enabled_metrics = ["GroupInServiceInstances", "GroupDesiredCapacity", "GroupMaxSize"]

  # ECS wants to find it on groups that it manages.
  tag {
    key                 = "AmazonECSManaged"
    value               = "true"
    propagate_at_launch = true
  }

  lifecycle {
    ignore_changes = [desired_capacity] # the capacity provider's
  }
}

resource "aws_ecs_capacity_provider" "this" {
  name = var.prefix

  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.this.arn
    managed_termination_protection = "ENABLED"
    managed_draining               = "ENABLED"

    managed_scaling {
      status                    = "ENABLED"
      target_capacity           = var.target_capacity
      minimum_scaling_step_size = 1
      maximum_scaling_step_size = 2
      instance_warmup_period    = 120
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = [aws_ecs_capacity_provider.this.name]

  default_capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.this.name
    weight            = 1
  }
}

resource "aws_iam_role" "instance" {
  name                 = "${var.prefix}-instance"
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "instance" {
  for_each = {
    ecs = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
    ssm = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore" # tunnels instead of bastions
  }

  role       = aws_iam_role.instance.name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "instance" {
  name = "${var.prefix}-instance"
  role = aws_iam_role.instance.name
}

# The load balancer. Only API Gateway's link and the services reach it.

resource "aws_lb" "this" {
  name                       = var.prefix
  internal                   = true
  load_balancer_type         = "application"
  subnets                    = var.subnets
  security_groups            = [var.load_balancer_security_group]
  idle_timeout               = 60 # services keep connections for 75 s: the load balancer ends them first
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  xff_header_processing_mode = "append"
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = var.certificate_arn == null ? 80 : 443
  protocol          = var.certificate_arn == null ? "HTTP" : "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = var.certificate_arn == null ? null : "ELBSecurityPolicy-TLS13-1-2-2021-06"

  # What belongs to no service.
  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "application/json"
      status_code  = "404"
      message_body = jsonencode({
        type   = "urn:microflow:problem:not-found"
        title  = "Not found"
        status = 404
      })
    }
  }
}
