package com.telconova.workorder.order;

import com.telconova.workorder.sla.Crossing;
import com.telconova.workorder.sla.Crossing.Level;
import com.telconova.workorder.sla.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /// A point that an order's promises have come to.
  record Told(UUID order, Target target, Level level) {
    static Told of(UUID order, Crossing crossing) {
      return new Told(order, crossing.target(), crossing.level());
    }
  }

  /// Which of these points were not told before; they count as told now.
  Set<Told> mark(Handle handle, Map<UUID, List<Crossing>> crossings, Instant now) {
    List<UUID> orders = new ArrayList<>();
    List<Crossing> all = new ArrayList<>();
    crossings.forEach((order, some) -> {
      orders.addAll(Collections.nCopies(some.size(), order));
      all.addAll(some);
    });
    return handle
        .createQuery(
            """
            insert into sla_mark (order_id, target, level, due_at, marked_at)
            select m.order_id, m.target, m.level, m.due_at, :now
            from unnest(:orders, :targets, :levels, cast(:due as timestamptz[]))
              as m (order_id, target, level, due_at)
            on conflict (order_id, target, level) do nothing
            returning order_id, target, level
            """)
        .bindArray("orders", UUID.class, orders)
        .bindArray("targets", String.class, all.stream().map(c -> c.target().name()).toList())
        .bindArray("levels", String.class, all.stream().map(c -> c.level().name()).toList())
        .bindArray("due", String.class, all.stream().map(c -> c.dueAt().toString()).toList())
        .bind("now", now)
        .map((row, _) ->
            new Told(
                row.getObject("order_id", UUID.class),
                Target.valueOf(row.getString("target")),
                Level.valueOf(row.getString("level"))))
        .set();
  }

  /// @param next when the watch must look at each order again; null: not until it changes
  void watchAgain(Handle handle, Map<UUID, Instant> next) {
    List<UUID> orders = new ArrayList<>();
    List<String> times = new ArrayList<>();
    next.forEach((order, time) -> {
      orders.add(order);
      times.add(time == null ? null : time.toString());
    });
    handle
        .createUpdate(
            """
            update work_order set sla_next_at = n.at
            from unnest(:orders, cast(:times as timestamptz[])) as n (id, at)
            where work_order.id = n.id
            """)
        .bindArray("orders", UUID.class, orders)
        .bindArray("times", String.class, times)
        .execute();
  }
}
