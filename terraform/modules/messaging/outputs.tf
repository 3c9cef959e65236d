output "topic_arns" {
  description = "By publisher"
  value       = { for service, topic in aws_sns_topic.publisher : service => topic.arn }
}

output "inboxes" {
  description = "By consumer: the queue that it reads and that queue's dead letters, each with arn, url and name"
  value = {
    for service in local.services : service => {
      arn              = aws_sqs_queue.inbox[service].arn
      url              = aws_sqs_queue.inbox[service].id
      name             = aws_sqs_queue.inbox[service].name
      dead_letter_arn  = aws_sqs_queue.dead_letters[service].arn
      dead_letter_name = aws_sqs_queue.dead_letters[service].name
    }
  }
}

output "key_arn" {
  description = "The key of all topics and queues"
  value       = aws_kms_key.messages.arn
}
