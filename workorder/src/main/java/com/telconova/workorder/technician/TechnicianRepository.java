package com.telconova.workorder.technician;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The table `technician`, a projection of auth's users.
public final class TechnicianRepository {
  Optional<Technician> find(Handle handle, UUID id) {
    return handle
        .createQuery("select id, name, active from technician where id = :id")
        .bind("id", id)
        .map(TechnicianRepository::map)
        .findOne();
  }

  /// Stores what is known unless something newer is.
  ///
  /// @param sequence of the event that told of it; 0 when no event did
  void upsert(Handle handle, Technician technician, long sequence) {
    handle
        .createUpdate(
            """
            insert into technician (id, name, active, user_sequence)
            values (:id, :name, :active, :sequence)
            on conflict (id) do update
            set name = excluded.name, active = excluded.active,
                user_sequence = excluded.user_sequence
            where technician.user_sequence <= excluded.user_sequence
            """)
        .bind("id", technician.id())
        .bind("name", technician.name())
        .bind("active", technician.active())
        .bind("sequence", sequence)
        .execute();
  }

  private static Technician map(ResultSet row, StatementContext ctx) throws SQLException {
    return new Technician(
        row.getObject("id", UUID.class), row.getString("name"), row.getBoolean("active"));
  }
}
