package com.telconova.shared.event;

import com.telconova.shared.database.Database;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps outbox and inbox small: what was sent an hour ago and what was processed 40 days ago
/// leaves, in bounded batches. 40 days is longer than SNS and SQS together can keep a message.
public final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int BATCH = 5_000;

  private final Database database;
  private final CountDownLatch stopped = new CountDownLatch(1);

  public Housekeeping(Database database) {
    this.database = database;
    Thread.ofVirtual().name("housekeeping").start(this::run);
  }

  /// Deletes one batch of each.
  ///
  /// @return how many rows left
  public int pass() {
    return database.inBackground(
        handle ->
            handle
                    .createUpdate(
                        """
                        delete from outbox where id in (
                          select id from outbox
                          where sent_at < now() - interval '1 hour' limit :batch)
                        """)
                    .bind("batch", BATCH)
                    .execute()
                + handle
                    .createUpdate(
                        """
                        delete from processed where event_id in (
                          select event_id from processed
                          where processed_at < now() - interval '40 days' limit :batch)
                        """)
                    .bind("batch", BATCH)
                    .execute());
  }

  @Override
  public void close() {
    stopped.countDown();
  }

  private void run() {
    try {
      while (!stopped.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        passOrLog();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void passOrLog() {
    try {
      pass();
    } catch (RuntimeException e) {
      log.warn("Old events could not be deleted; next try in a minute", e);
    }
  }
}
