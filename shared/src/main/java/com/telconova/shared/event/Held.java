package com.telconova.shared.event;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// A message that was received and is not settled yet. Handler, heartbeat and stop reach for it at
/// the same time; whoever settles it has the last word on when it is seen again. Thread-safe.
final class Held {
  private static final Logger log = LoggerFactory.getLogger(Held.class);

  private final SqsClient sqs;
  private final String queueUrl;
  private final Message message;
  private final ReentrantLock lock = new ReentrantLock();
  private Thread worker;
  private long began;
  private boolean settled;

  Held(SqsClient sqs, String queueUrl, Message message) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.message = message;
  }

  Message message() {
    return message;
  }

  /// How often it was received, this time included.
  int receiveCount() {
    return Integer.parseInt(
        message
            .attributes()
            .getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
  }

  /// The current thread begins to handle it; to be ended with [#end] by the same thread.
  void begin() {
    lock.lock();
    try {
      worker = Thread.currentThread();
      began = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /// The current thread has handled it, or failed to. An interrupt that was meant for this message
  /// does not reach what the thread does next.
  void end() {
    lock.lock();
    try {
      worker = null;
      Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /// Keeps it hidden from others for another while; past the deadline interrupts its handler
  /// instead.
  void keep(Duration visibility, Duration deadline) {
    lock.lock();
    try {
      if (settled) {
        return;
      }
      if (worker != null && System.nanoTime() - began > deadline.toNanos()) {
        log.warn("Message {} takes longer than {}", message.messageId(), deadline);
        worker.interrupt();
      } else {
        hide(visibility);
      }
    } finally {
      lock.unlock();
    }
  }

  /// It was handled: it is the caller's to delete.
  void done() {
    lock.lock();
    try {
      settled = true;
    } finally {
      lock.unlock();
    }
  }

  /// Lets it come again after a while; 0 lets somebody else take it at once.
  void comeAgain(Duration after) {
    lock.lock();
    try {
      if (!settled) {
        settled = true;
        hide(after);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Interrupts its handler, if one is at it, and lets somebody else take it at once.
  void takeAway() {
    lock.lock();
    try {
      if (worker != null) {
        worker.interrupt();
      }
      comeAgain(Duration.ZERO);
    } finally {
      lock.unlock();
    }
  }

  private void hide(Duration time) {
    try {
      sqs.changeMessageVisibility(r ->
          r.queueUrl(queueUrl)
              .receiptHandle(message.receiptHandle())
              .visibilityTimeout((int) time.toSeconds()));
    } catch (RuntimeException e) {
      log.warn("Message {} cannot be hidden for {}: {}", message.messageId(), time, e.getMessage());
    }
  }
}
