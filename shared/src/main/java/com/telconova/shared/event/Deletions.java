package com.telconova.shared.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/// Deletes handled messages, in batches as large as the load makes them: while one caller deletes,
/// the others leave theirs for its next batch. A deletion that fails costs a redelivery, which the
/// inbox recognises.
final class Deletions {
  private static final Logger log = LoggerFactory.getLogger(Deletions.class);
  private static final int MAX_ENTRIES = 10;

  private final SqsClient sqs;
  private final String queueUrl;
  private final Queue<String> receipts = new ConcurrentLinkedQueue<>();
  private final ReentrantLock deleting = new ReentrantLock();

  Deletions(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  /// Deletes the message soon; it is deleted, or another thread is at it, when this returns.
  void add(String receipt) {
    receipts.add(receipt);
    while (!receipts.isEmpty() && deleting.tryLock()) {
      try {
        deleteBatch();
      } finally {
        deleting.unlock();
      }
    }
  }

  /// Deletes what is left, as far as the time goes.
  void flush(Duration limit) {
    try {
      if (!deleting.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      while (!receipts.isEmpty()) {
        deleteBatch();
      }
    } finally {
      deleting.unlock();
    }
  }

  private void deleteBatch() {
    List<DeleteMessageBatchRequestEntry> batch = new ArrayList<>(MAX_ENTRIES);
    String receipt;
    while (batch.size() < MAX_ENTRIES && (receipt = receipts.poll()) != null) {
      batch.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(batch.size()))
              .receiptHandle(receipt)
              .build());
    }
    if (batch.isEmpty()) {
      return;
    }
    try {
      sqs.deleteMessageBatch(r -> r.queueUrl(queueUrl).entries(batch))
          .failed()
          .forEach(entry -> log.warn("A handled message was not deleted: {}", entry.message()));
    } catch (RuntimeException e) {
      log.warn(
          "{} handled message(s) were not deleted and will come again: {}",
          batch.size(),
          e.getMessage());
    }
  }
}
