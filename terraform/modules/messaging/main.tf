# A topic for each publisher, an inbox with a dead-letter queue for each consumer, and between them
# only the event types that the consumer handles. topology.json is the picture; a test of the Java
# build holds it to what the services' own tests run with.

locals {
  topology = jsondecode(file("${path.module}/topology.json"))
  services = toset(local.topology.services)
  queue    = local.topology.queue
  day      = 24 * 60 * 60

  subscriptions = {
    for s in local.topology.subscriptions : "${s.publisher}-to-${s.consumer}" => s
  }

  # Which topics may send to a consumer's queues.
  publishers = {
    for service in local.services : service => [
      for s in local.topology.subscriptions : s.publisher if s.consumer == service
    ]
  }

  # A statement that refuses whoever comes without TLS, whatever else allows them.
  tls_only = {
    Sid       = "RefusePlainText"
    Effect    = "Deny"
    Principal = "*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

resource "aws_kms_key" "messages" {
  description             = "Events in the topics and queues of ${var.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountDecidesByItsRoles"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        # Without it, SNS cannot put a message into an encrypted queue, and nobody is told.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        Sid       = "TopicsSendToEncryptedQueues"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:${var.account_id}:${var.prefix}-*" } }
      },
    ]
  })
}

resource "aws_kms_alias" "messages" {
  name          = "alias/${var.prefix}-messages"
  target_key_id = aws_kms_key.messages.key_id
}

resource "aws_sns_topic" "publisher" {
  for_each = local.services

  name              = "${var.prefix}-${each.key}"
  fifo_topic        = local.queue.fifo
  kms_master_key_id = aws_kms_key.messages.arn
}

resource "aws_sns_topic_policy" "publisher" {
  for_each = local.services

  arn = aws_sns_topic.publisher[each.key].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge(local.tls_only, {
        Action   = "sns:Publish"
        Resource = aws_sns_topic.publisher[each.key].arn
      }),
    ]
  })
}

resource "aws_sqs_queue" "inbox" {
  for_each = local.services

  name                       = "${var.prefix}-${each.key}-inbox"
  fifo_queue                 = local.queue.fifo
  visibility_timeout_seconds = local.queue.visibilitySeconds
  receive_wait_time_seconds  = local.queue.waitSeconds
  message_retention_seconds  = local.queue.retentionDays * local.day
  kms_master_key_id          = aws_kms_key.messages.arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters[each.key].arn
    maxReceiveCount     = local.queue.maxReceives
  })
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = local.services

  name                      = "${var.prefix}-${each.key}-inbox-dlq"
  fifo_queue                = local.queue.fifo
  message_retention_seconds = local.queue.deadLetterRetentionDays * local.day
  kms_master_key_id         = aws_kms_key.messages.arn
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  for_each = local.services

  queue_url = aws_sqs_queue.dead_letters[each.key].id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.inbox[each.key].arn]
  })
}

# SNS may send to an inbox, and to its dead-letter queue what it could not deliver to the inbox.
resource "aws_sqs_queue_policy" "topics_may_send" {
  for_each = merge(
    { for service in local.services : service => { service = service, queue = aws_sqs_queue.inbox[service] } },
    { for service in local.services : "${service}-dlq" => { service = service, queue = aws_sqs_queue.dead_letters[service] } },
  )

  queue_url = each.value.queue.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TopicsThatItIsSubscribedTo"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = each.value.queue.arn
        Condition = {
          ArnEquals = {
            "aws:SourceArn" = [for p in local.publishers[each.value.service] : aws_sns_topic.publisher[p].arn]
          }
        }
      },
      merge(local.tls_only, { Action = "sqs:*", Resource = each.value.queue.arn }),
    ]
  })
}

resource "aws_sns_topic_subscription" "inbox" {
  for_each = local.subscriptions

  topic_arn            = aws_sns_topic.publisher[each.value.publisher].arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.inbox[each.value.consumer].arn
  raw_message_delivery = local.queue.rawDelivery
  filter_policy_scope  = "MessageAttributes"
  filter_policy        = jsonencode({ type = each.value.types })

  # The queue's own redrive begins once a message is in the queue; this one is for what never got there.
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters[each.value.consumer].arn })

  # What is published before the queue lets SNS in goes to no queue at all.
  depends_on = [aws_sqs_queue_policy.topics_may_send]
}
