package com.telconova.shared.event;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Periodic;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps outbox, inbox and the answers kept for retries small: what was sent an hour ago, processed
/// 40 days ago, or answered a day ago leaves, in bounded batches. 40 days is longer than SNS and
/// SQS together can keep a message.
public final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int BATCH = 5_000;
  private static final int MAX_BATCHES = 100;
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final Database database;
  private final List<Ageing> tables =
      List.of(
          new Ageing("outbox", "sent_at", "1 hour"),
          new Ageing("processed", "processed_at", "40 days"),
          new Ageing("idempotency_key", "created_at", "24 hours"));
  private final Periodic periodic;

  public Housekeeping(Database database) {
    this.database = database;
    this.periodic = Periodic.start("housekeeping", PAUSE, this::pass);
  }

  /// Deletes what is old enough, at most 500,000 rows of each table, each batch in a transaction of
  /// its own; instances that clean at the same time take different rows. A table that cannot be
  /// cleaned is logged, and does not keep the others from it.
  ///
  /// @return how many rows left
  public synchronized int pass() {
    int left = 0;
    for (Ageing table : tables) {
      try {
        left += table.clean();
      } catch (RuntimeException e) {
        log.warn("{} could not be cleaned up: {}", table.name, CannotStart.reason(e));
        log.debug("Because of", e);
      }
    }
    return left;
  }

  @Override
  public void close() {
    periodic.close();
  }

  /// A table whose rows leave by age, oldest first, as its index on the age has them.
  private final class Ageing {
    private final String name;
    private final String delete;
    // Rows before this have left. The index still has their entries until a vacuum may take them,
    // which a long transaction can put off for hours: without this each batch walks over all of
    // them to reach its own rows.
    private OffsetDateTime from = OffsetDateTime.MIN;
    private long fromKnown = System.nanoTime();

    /// @param age the column that tells it, indexed
    /// @param limit how old a row becomes, a PostgreSQL interval
    Ageing(String name, String age, String limit) {
      this.name = name;
      // Ordered, or the planner reads the table from its beginning once much of it is old. By ctid,
      // which the lock holds still: the primary key need not be searched for each row again.
      this.delete =
          """
          with gone as (
            delete from %1$s where ctid = any(array(
              select ctid from %1$s
              where %2$s >= :from and %2$s < now() - interval '%3$s'
              order by %2$s
              limit :batch for update skip locked))
            returning %2$s as age)
          select count(*) as left, max(age) as newest from gone
          """
              .formatted(name, age, limit);
    }

    int clean() {
      // What another instance had locked, and then left because it was killed, is behind us.
      if (System.nanoTime() - fromKnown > REMEMBERED.toNanos()) {
        from = OffsetDateTime.MIN;
        fromKnown = System.nanoTime();
      }
      int left = 0;
      int batch = BATCH;
      for (int i = 0; i < MAX_BATCHES && batch == BATCH; i++) {
        batch = deleteBatch();
        left += batch;
      }
      return left;
    }

    private int deleteBatch() {
      return database.inBackground(handle ->
          handle
              .createQuery(delete)
              .bind("from", from)
              .bind("batch", BATCH)
              .map((row, _) -> {
                OffsetDateTime newest = row.getObject("newest", OffsetDateTime.class);
                from = newest == null ? from : newest;
                return row.getInt("left");
              })
              .one());
    }
  }
}
