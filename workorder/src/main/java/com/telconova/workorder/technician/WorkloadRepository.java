package com.telconova.workorder.technician;

import com.telconova.workorder.place.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// What technicians have to do and have done today, read from the orders.
public final class WorkloadRepository {
  private record Owned(UUID technicianId, Commitment commitment) {}

  private record Done(UUID technicianId, int minutes) {}

  /// The workload of each of these technicians; one who has none is in it too.
  ///
  /// @param zone where today begins
  public Map<UUID, Workload> list(
      Handle handle, Collection<UUID> technicians, Instant now, ZoneId zone) {
    Map<UUID, List<Commitment>> open = new HashMap<>();
    open(handle, technicians)
        .forEach(owned ->
            open.computeIfAbsent(owned.technicianId(), _ -> new ArrayList<>())
                .add(owned.commitment()));
    LocalDate today = now.atZone(zone).toLocalDate();
    Map<UUID, Integer> done = new HashMap<>();
    done(handle, technicians, today.atStartOfDay(zone).toInstant())
        .forEach(each -> done.put(each.technicianId(), each.minutes()));
    Map<UUID, Workload> loads = new HashMap<>();
    for (UUID id : technicians) {
      loads.put(id, new Workload(open.getOrDefault(id, List.of()), done.getOrDefault(id, 0)));
    }
    return loads;
  }

  private static List<Owned> open(Handle handle, Collection<UUID> technicians) {
    return handle
        .createQuery(
            """
            select technician_id, id, estimated_minutes, zone, latitude, longitude, window_start,
                   window_end, status, arrived_at + held_seconds * interval '1 second' as started_at
            from work_order
            where technician_id = any(:technicians)
              and status in ('ASSIGNED', 'IN_PROGRESS', 'ON_HOLD')
            order by id limit 100000
            """)
        .bindArray("technicians", UUID.class, List.copyOf(technicians))
        .map(WorkloadRepository::owned)
        .list();
  }

  private static List<Done> done(Handle handle, Collection<UUID> technicians, Instant since) {
    return handle
        .createQuery(
            """
            select technician_id, sum(estimated_minutes)::integer as minutes
            from work_order
            where technician_id = any(:technicians)
              and status = 'COMPLETED' and ended_at >= :since
            group by technician_id
            """)
        .bindArray("technicians", UUID.class, List.copyOf(technicians))
        .bind("since", since)
        .map(
            (row, _) -> new Done(row.getObject("technician_id", UUID.class), row.getInt("minutes")))
        .list();
  }

  private static Owned owned(ResultSet row, StatementContext ctx) throws SQLException {
    String status = row.getString("status");
    Double latitude = row.getObject("latitude", Double.class);
    return new Owned(
        row.getObject("technician_id", UUID.class),
        new Commitment(
            row.getObject("id", UUID.class),
            row.getInt("estimated_minutes"),
            row.getString("zone"),
            latitude == null ? null : new Position(latitude, row.getDouble("longitude")),
            instant(row, "window_start"),
            instant(row, "window_end"),
            status.equals("IN_PROGRESS") ? instant(row, "started_at") : null,
            status.equals("ON_HOLD")));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
