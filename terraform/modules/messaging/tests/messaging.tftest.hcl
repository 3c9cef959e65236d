mock_provider "aws" {}

variables {
  prefix     = "microflow-test"
  account_id = "123456789012"
}

run "names_and_counts" {
  command = apply

  assert {
    condition = (
      toset([for t in aws_sns_topic.publisher : t.name]) == toset(["microflow-test-auth", "microflow-test-workorder", "microflow-test-tracking"])
      && toset([for q in aws_sqs_queue.inbox : q.name]) == toset(["microflow-test-auth-inbox", "microflow-test-workorder-inbox", "microflow-test-tracking-inbox"])
      && toset([for q in aws_sqs_queue.dead_letters : q.name]) == toset(["microflow-test-auth-inbox-dlq", "microflow-test-workorder-inbox-dlq", "microflow-test-tracking-inbox-dlq"])
    )
    error_message = "Each service has a topic, an inbox and a dead-letter queue by its name."
  }

  assert {
    condition     = length(aws_sns_topic_subscription.inbox) == 5
    error_message = "There are five subscriptions."
  }

  assert {
    condition     = alltrue([for t in aws_sns_topic.publisher : !t.fifo_topic]) && alltrue([for q in aws_sqs_queue.inbox : !q.fifo_queue])
    error_message = "The outbox keeps the order; topics and queues are standard ones."
  }
}

run "what_is_in_them_is_encrypted" {
  command = apply

  assert {
    condition = alltrue(concat(
      [for t in aws_sns_topic.publisher : t.kms_master_key_id == aws_kms_key.messages.arn],
      [for q in aws_sqs_queue.inbox : q.kms_master_key_id == aws_kms_key.messages.arn],
      [for q in aws_sqs_queue.dead_letters : q.kms_master_key_id == aws_kms_key.messages.arn],
    ))
    error_message = "Topics, inboxes and dead-letter queues use our key."
  }

  assert {
    condition = anytrue([
      for s in jsondecode(aws_kms_key.messages.policy).Statement :
      s.Effect == "Allow" && try(s.Principal.Service, "") == "sns.amazonaws.com"
      && toset(flatten([s.Action])) == toset(["kms:Decrypt", "kms:GenerateDataKey*"])
      && try(s.Condition.ArnLike["aws:SourceArn"], "") == "arn:aws:sns:*:123456789012:microflow-test-*"
    ])
    error_message = "Our topics must be able to use the key, or nothing reaches the queues."
  }

  assert {
    condition     = aws_kms_key.messages.enable_key_rotation
    error_message = "The key rotates."
  }
}

run "both_redrives" {
  command = apply

  assert {
    condition = alltrue([
      for service, q in aws_sqs_queue.inbox :
      jsondecode(q.redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead_letters[service].arn, maxReceiveCount = 5 }
    ])
    error_message = "After five receives a message goes to its own service's dead-letter queue."
  }

  assert {
    condition = alltrue([
      for s in aws_sns_topic_subscription.inbox :
      jsondecode(s.redrive_policy).deadLetterTargetArn == one([
        for service, q in aws_sqs_queue.inbox : aws_sqs_queue.dead_letters[service].arn if q.arn == s.endpoint
      ])
    ])
    error_message = "What SNS cannot deliver to an inbox goes to that inbox's dead-letter queue."
  }

  assert {
    condition = alltrue([
      for service, p in aws_sqs_queue_redrive_allow_policy.dead_letters :
      jsondecode(p.redrive_allow_policy).sourceQueueArns == [aws_sqs_queue.inbox[service].arn]
    ])
    error_message = "No other queue puts its dead letters there."
  }
}

run "times" {
  command = apply

  assert {
    condition = alltrue([
      for q in aws_sqs_queue.inbox :
      q.visibility_timeout_seconds == 60 && q.message_retention_seconds == 345600 && q.receive_wait_time_seconds == 20
    ])
    error_message = "Inboxes: 60 s hidden, 4 days kept, polls wait 20 s."
  }

  assert {
    condition     = alltrue([for q in aws_sqs_queue.dead_letters : q.message_retention_seconds == 1209600])
    error_message = "Dead letters are kept for 14 days."
  }
}

run "who_may_send_to_a_queue" {
  command = apply

  assert {
    condition = toset(jsondecode(aws_sqs_queue_policy.topics_may_send["auth"].policy).Statement[0].Condition.ArnEquals["aws:SourceArn"]) == toset([
      aws_sns_topic.publisher["tracking"].arn,
    ])
    error_message = "Only tracking's topic sends to auth."
  }

  assert {
    condition = toset(jsondecode(aws_sqs_queue_policy.topics_may_send["workorder-dlq"].policy).Statement[0].Condition.ArnEquals["aws:SourceArn"]) == toset([
      aws_sns_topic.publisher["auth"].arn, aws_sns_topic.publisher["tracking"].arn,
    ])
    error_message = "SNS may send to workorder's dead letters what it may send to workorder."
  }

  assert {
    condition = length(aws_sqs_queue_policy.topics_may_send) == 6 && alltrue([
      for p in aws_sqs_queue_policy.topics_may_send :
      join(",", [for s in jsondecode(p.policy).Statement : s.Principal.Service if s.Effect == "Allow"]) == "sns.amazonaws.com"
      && anytrue([for s in jsondecode(p.policy).Statement : s.Effect == "Deny" && try(s.Condition.Bool["aws:SecureTransport"], "") == "false"])
    ])
    error_message = "Nobody but SNS is let in by a queue, and nobody without TLS."
  }
}

run "only_what_the_consumer_handles" {
  command = apply

  assert {
    condition = alltrue([
      for s in aws_sns_topic_subscription.inbox :
      s.raw_message_delivery && s.filter_policy_scope == "MessageAttributes"
      && keys(jsondecode(s.filter_policy)) == ["type"] && length(jsondecode(s.filter_policy).type) > 0
    ])
    error_message = "Raw delivery, filtered by the attribute type."
  }

  assert {
    condition     = toset(jsondecode(aws_sns_topic_subscription.inbox["tracking-to-auth"].filter_policy).type) == toset(["notification.failed", "notification.sent"])
    error_message = "auth hears of notifications and nothing else."
  }

  assert {
    condition     = !contains(keys(aws_sns_topic_subscription.inbox), "workorder-to-auth")
    error_message = "auth hears nothing of orders."
  }
}
