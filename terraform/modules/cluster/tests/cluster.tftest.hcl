mock_provider "aws" {}

variables {
  prefix                       = "microflow-test"
  subnets                      = ["subnet-1", "subnet-2"]
  instances_security_group     = "sg-1"
  load_balancer_security_group = "sg-2"
  instance_type                = "c6i.large"
  min_instances                = 2
  max_instances                = 6
  target_capacity              = 80
  deletion_protection          = true
}

run "machines_follow_tasks" {
  command = apply

  assert {
    condition = (one(aws_ecs_capacity_provider.this.auto_scaling_group_provider).managed_termination_protection == "ENABLED"
      && one(aws_ecs_capacity_provider.this.auto_scaling_group_provider).managed_draining == "ENABLED"
    && aws_autoscaling_group.this.protect_from_scale_in)
    error_message = "A machine with tasks on it is not taken away, and is drained first."
  }

  assert {
    condition = (one(one(aws_ecs_capacity_provider.this.auto_scaling_group_provider).managed_scaling).status == "ENABLED"
    && one(one(aws_ecs_capacity_provider.this.auto_scaling_group_provider).managed_scaling).target_capacity == 80)
    error_message = "ECS decides how many machines there are."
  }

  assert {
    condition     = aws_autoscaling_group.this.min_size == 2 && aws_autoscaling_group.this.max_size == 6
    error_message = "Two to six machines."
  }
}

run "machines_are_closed" {
  command = apply

  assert {
    condition     = one(aws_launch_template.this.metadata_options).http_tokens == "required" && one(aws_launch_template.this.metadata_options).http_put_response_hop_limit == 1
    error_message = "IMDSv2, and from the machine itself only."
  }

  assert {
    condition     = strcontains(base64decode(aws_launch_template.this.user_data), "\nECS_AWSVPC_BLOCK_IMDS=true\n")
    error_message = "Tasks do not get at the machine's rights."
  }

  assert {
    condition     = startswith(base64decode(aws_launch_template.this.user_data), "#!/bin/bash\n") && strcontains(base64decode(aws_launch_template.this.user_data), "\nECS_CLUSTER=microflow-test\n")
    error_message = "The machine joins the cluster."
  }

  assert {
    condition     = tobool(one(one(aws_launch_template.this.block_device_mappings).ebs).encrypted)
    error_message = "Its disk is encrypted."
  }
}

run "the_load_balancer_is_internal" {
  command = apply

  assert {
    condition     = aws_lb.this.internal && aws_lb.this.idle_timeout < 75 && aws_lb_listener.this.protocol == "HTTP" && aws_lb_listener.this.port == 80
    error_message = "Internal, and quicker to end an idle connection than the services."
  }

  assert {
    condition     = one(one(aws_lb_listener.this.default_action).fixed_response).status_code == "404"
    error_message = "What belongs to nobody is not found."
  }
}

run "with_a_certificate_it_speaks_tls" {
  command = apply

  variables {
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
  }

  assert {
    condition     = aws_lb_listener.this.protocol == "HTTPS" && aws_lb_listener.this.port == 443
    error_message = "HTTPS at 443."
  }
}

run "a_burstable_type_is_refused" {
  command = plan

  variables {
    instance_type = "t3.large"
  }

  expect_failures = [var.instance_type]
}
