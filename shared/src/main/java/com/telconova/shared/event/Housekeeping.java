package com.telconova.shared.event;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/// Keeps outbox, inbox and the answers kept for retries small: what was sent an hour ago, processed
/// 40 days ago, or answered a day ago leaves, in bounded batches. 40 days is longer than SNS and
/// SQS together can keep a message.
public final class Housekeeping implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int BATCH = 5_000;
  private static final int MAX_BATCHES = 100;

  private final Database database;
  private final Periodic periodic;

  public Housekeeping(Database database) {
    this.database = database;
    this.periodic = Periodic.start("housekeeping", PAUSE, this::pass);
  }

  /// Deletes what is old enough, each batch in a transaction of its own; instances that clean at
  /// the same time take different rows.
  ///
  /// @return how many rows left
  public int pass() {
    int left = 0;
    int batch = BATCH;
    for (int i = 0; i < MAX_BATCHES && batch >= BATCH; i++) {
      batch = database.inBackground(Housekeeping::deleteBatch);
      left += batch;
    }
    return left;
  }

  private static int deleteBatch(Handle handle) {
    return handle
            .createUpdate(
                """
                delete from outbox where id in (
                  select id from outbox
                  where sent_at < now() - interval '1 hour'
                  limit :batch for update skip locked)
                """)
            .bind("batch", BATCH)
            .execute()
        + handle
            .createUpdate(
                """
                delete from processed where event_id in (
                  select event_id from processed
                  where processed_at < now() - interval '40 days'
                  limit :batch for update skip locked)
                """)
            .bind("batch", BATCH)
            .execute()
        + handle
            .createUpdate(
                """
                delete from idempotency_key where id in (
                  select id from idempotency_key
                  where created_at < now() - interval '24 hours'
                  limit :batch for update skip locked)
                """)
            .bind("batch", BATCH)
            .execute();
  }

  @Override
  public void close() {
    periodic.close();
  }
}
