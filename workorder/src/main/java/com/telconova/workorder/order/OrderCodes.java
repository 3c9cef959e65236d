package com.telconova.workorder.order;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jdbi.v3.core.Handle;

/// What people call an order: `WO-2026-004711`, the year (UTC) and a number that no other order
/// has. Thread-safe.
///
/// The numbers are the database's, taken some at a time: to ask for each would cost every new order
/// a round trip. So orders that two instances open at the same time may have theirs in another
/// order, and numbers that were taken when an instance ends are never given out.
final class OrderCodes {
  private static final int TAKEN_AT_ONCE = 32;

  private final Queue<Long> taken = new ConcurrentLinkedQueue<>();

  /// @param at when the order was opened
  String next(Handle handle, Instant at) {
    Long number = taken.poll();
    return "WO-%d-%06d"
        .formatted(at.atZone(ZoneOffset.UTC).getYear(), number == null ? take(handle) : number);
  }

  /// Who finds none takes some, whoever else does so at the same moment: nobody waits.
  private long take(Handle handle) {
    List<Long> numbers =
        handle
            .createQuery("select nextval('order_code') from generate_series(1, :count)")
            .bind("count", TAKEN_AT_ONCE)
            .mapTo(Long.class)
            .list();
    taken.addAll(numbers.subList(1, numbers.size()));
    return numbers.getFirst();
  }
}
