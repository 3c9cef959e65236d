package com.telconova.local.dlq;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// The dead letters of one consumer.
///
/// Whatever it receives is hidden from others until it is moved or put back, which happens before a
/// method returns or throws, and when it is interrupted in the midst of one. Thread-safe.
public final class DeadLetterQueue {

  // A killed command's messages are back after it.
  private static final Duration HELD = Duration.ofSeconds(90);
  // Less than that: what was looked at first must not come again as something new.
  private static final Duration LOOKING = Duration.ofSeconds(60);
  private static final int BATCH = 10;

  private final SqsClient sqs;
  private final URI queue;
  private final URI inbox;
  private final Map<String, Message> held = new LinkedHashMap<>();
  private boolean interrupted;

  /// @param queue where they are
  /// @param inbox where they came from
  public DeadLetterQueue(SqsClient sqs, URI queue, URI inbox) {
    this.sqs = sqs;
    this.queue = queue;
    this.inbox = inbox;
  }

  URI queue() {
    return queue;
  }

  URI inbox() {
    return inbox;
  }

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
    var seen = new ArrayList<Message>();
    try {
      while (seen.size() < limit) {
        var batch = receive(limit - seen.size());
        if (batch.isEmpty()) {
          break;
        }
        seen.addAll(batch);
      }
    } finally {
      putBack();
    }
    return seen.stream().map(DeadLetter::of).toList();
  }

  /// Looks for one and puts all back that it saw.
  ///
  /// @param id the event's or the message's
  /// @param looked is told how many it has seen
  /// @return empty if none of those that were there at the beginning is it
  /// @throws TooMany when there is no end to them
  Optional<DeadLetter> find(String id, IntConsumer looked) {
    try {
      return search(id, looked).map(DeadLetter::of);
    } finally {
      putBack();
    }
  }

  /// Moves them to the inbox, body and attributes as they are. Each is sent before it is deleted,
  /// so that a crash in between doubles it, which the inbox recognises, and loses none. As many as
  /// there were at the beginning: one that dies again is not moved round and round.
  ///
  /// @param moved is told after each
  public void redrive(Runnable moved) {
    int left = count();
    try {
      while (left > 0) {
        var batch = receive(left);
        if (batch.isEmpty()) {
          return;
        }
        for (var message : batch) {
          if (move(message)) {
            moved.run();
          }
        }
        left -= batch.size();
      }
    } finally {
      putBack();
    }
  }

  /// As the other, only the one, and puts all others back that it saw.
  ///
  /// @param id the event's or the message's; of several with the same, the first
  /// @param looked is told how many it has seen
  /// @return false if none of those that were there at the beginning is it
  /// @throws TooMany when there is no end to them
  boolean redrive(String id, IntConsumer looked) {
    try {
      return search(id, looked).map(this::move).orElse(false);
    } finally {
      putBack();
    }
  }

  /// Puts back what is held, and ends what another thread is at: for Ctrl-C. A message that is
  /// being moved is moved before.
  synchronized void interrupt() {
    interrupted = true;
    putBack();
  }

  /// One pass over what was there at the beginning: all that was seen stays hidden until the end,
  /// so nothing is seen twice.
  private Optional<Message> search(String id, IntConsumer looked) {
    long end = System.nanoTime() + LOOKING.toNanos();
    int left = count();
    for (int seen = 0; left > 0; looked.accept(seen)) {
      if (System.nanoTime() > end) {
        throw new TooMany(seen, id);
      }
      var batch = receive(left);
      if (batch.isEmpty()) {
        break;
      }
      for (var message : batch) {
        if (DeadLetter.isNamed(message, id)) {
          return Optional.of(message);
        }
      }
      seen += batch.size();
      left -= batch.size();
    }
    return Optional.empty();
  }

  private synchronized List<Message> receive(int most) {
    if (interrupted) {
      return List.of();
    }
    var batch =
        sqs.receiveMessage(r ->
                r.queueUrl(queue.toString())
                    .maxNumberOfMessages(Math.min(BATCH, most))
                    .waitTimeSeconds(0)
                    .visibilityTimeout((int) HELD.toSeconds())
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
            .messages();
    batch.forEach(message -> held.put(message.receiptHandle(), message));
    return batch;
  }

  /// @return false when it was put back before
  private synchronized boolean move(Message message) {
    if (interrupted) {
      return false;
    }
    send(message);
    sqs.deleteMessage(r -> r.queueUrl(queue.toString()).receiptHandle(message.receiptHandle()));
    held.remove(message.receiptHandle());
    return true;
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

  /// What cannot be put back comes back by itself, and is no reason to fail.
  private synchronized void putBack() {
    var receipts = List.copyOf(held.keySet());
    held.clear();
    for (int from = 0; from < receipts.size(); from += BATCH) {
      var batch = new ArrayList<ChangeMessageVisibilityBatchRequestEntry>();
      for (var receipt : receipts.subList(from, Math.min(from + BATCH, receipts.size()))) {
        batch.add(
            ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(Integer.toString(batch.size()))
                .receiptHandle(receipt)
                .visibilityTimeout(0)
                .build());
      }
      try {
        sqs.changeMessageVisibilityBatch(r -> r.queueUrl(queue.toString()).entries(batch));
      } catch (SdkException e) {
        return;
      }
    }
  }

  /// There are more dead letters than can be looked at in time.
  static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMany(int seen, String id) {
      super(
          "looked at %,d dead letters in %d s and did not come upon %s; redrive all, or try again"
              .formatted(seen, LOOKING.toSeconds(), id));
    }
  }
}
