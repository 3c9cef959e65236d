package com.telconova.workorder.order;

import com.telconova.workorder.sla.Crossing;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What the watch has told, in the table `sla_mark`, and when it must look again.
public final class SlaMarks {
  /// Orders whose promises may have come to a point that nobody was told of, the oldest first.
  /// Nobody else changes them until the transaction ends; those that somebody is changing are left
  /// out.
  List<Order> lockDue(Handle handle, Instant now, int rows) {
    return handle
        .createQuery(
            "select "
                + OrderRow.COLUMNS
                + """
                from work_order where sla_next_at <= :now
                order by sla_next_at limit :rows for update skip locked
                """)
        .bind("now", now)
        .bind("rows", rows)
        .map(OrderRow::map)
        .list();
  }

  /// Whether this was not told before; it counts as told now.
  boolean mark(Handle handle, UUID order, Crossing crossing, Instant now) {
    return handle
            .createUpdate(
                """
                insert into sla_mark (order_id, target, level, due_at, marked_at)
                values (:order, :target, :level, :due, :now)
                on conflict (order_id, target, level) do nothing
                """)
            .bind("order", order)
            .bind("target", crossing.target())
            .bind("level", crossing.level())
            .bind("due", crossing.dueAt())
            .bind("now", now)
            .execute()
        == 1;
  }

  /// @param next when the watch must look again; null: not until the order changes
  void watchAgain(Handle handle, UUID order, Instant next) {
    handle
        .createUpdate("update work_order set sla_next_at = :next where id = :id")
        .bind("id", order)
        .bind("next", next)
        .execute();
  }
}
