package com.telconova.local.dlq;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The dead letters of one consumer.
///
/// @param queue where they are
/// @param inbox where they came from
public record DeadLetterQueue(SqsClient sqs, URI queue, URI inbox) {

  // Longer than a batch takes; a killed command's messages are back after it.
  private static final Duration HELD = Duration.ofSeconds(30);
  private static final int BATCH = 10;

  /// How many there are, those that somebody holds at the moment included.
  public int count() {
    var counts =
        sqs.getQueueAttributes(r ->
                r.queueUrl(queue.toString())
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return counts.values().stream().mapToInt(Integer::parseInt).sum();
  }

  /// Looks at some of them and puts them back.
  ///
  /// @param limit how many at most
  List<DeadLetter> list(int limit) {
    var held = new ArrayList<Message>();
    try {
      while (held.size() < limit) {
        var batch = receive(limit - held.size());
        if (batch.isEmpty()) {
          break;
        }
        held.addAll(batch);
      }
    } finally {
      held.forEach(this::putBack);
    }
    return held.stream().map(DeadLetter::of).toList();
  }

  /// Moves them to the inbox, body and attributes as they are. Each is sent before it is deleted,
  /// so that a crash in between doubles it, which the inbox recognises, and loses none. As many as
  /// there were at the beginning: one that dies again is not moved round and round.
  ///
  /// @param moved is told after each
  public void redrive(Runnable moved) {
    int left = count();
    while (left > 0) {
      var batch = receive(left);
      if (batch.isEmpty()) {
        return;
      }
      for (var message : batch) {
        send(message);
        sqs.deleteMessage(r -> r.queueUrl(queue.toString()).receiptHandle(message.receiptHandle()));
        moved.run();
      }
      left -= batch.size();
    }
  }

  private List<Message> receive(int most) {
    return sqs.receiveMessage(r ->
            r.queueUrl(queue.toString())
                .maxNumberOfMessages(Math.min(BATCH, most))
                .waitTimeSeconds(0)
                .visibilityTimeout((int) HELD.toSeconds())
                .messageAttributeNames("All")
                .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private void send(Message message) {
    var trace = message.attributes().get(MessageSystemAttributeName.AWS_TRACE_HEADER);
    sqs.sendMessage(r -> {
      r.queueUrl(inbox.toString())
          .messageBody(message.body())
          .messageAttributes(message.messageAttributes());
      if (trace != null) {
        var value =
            MessageSystemAttributeValue.builder().dataType("String").stringValue(trace).build();
        r.messageSystemAttributes(
            Map.of(MessageSystemAttributeNameForSends.AWS_TRACE_HEADER, value));
      }
    });
  }

  private void putBack(Message message) {
    sqs.changeMessageVisibility(r ->
        r.queueUrl(queue.toString()).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
  }
}
