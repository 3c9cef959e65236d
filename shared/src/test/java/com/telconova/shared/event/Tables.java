package com.telconova.shared.event;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Bench;
import io.prometheus.client.CollectorRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// The event path's tables of one service, empty, through that service's own role; and a look
/// behind its back.
final class Tables implements AutoCloseable {
  final CollectorRegistry registry = new CollectorRegistry();
  final Database database;
  private final Jdbi admin;

  Tables() {
    Bench bench = Bench.get();
    this.admin = Jdbi.create(bench.adminUrl());
    admin.useHandle(handle ->
        handle.execute(
            """
            truncate workorder.outbox, workorder.aggregate_sequence, workorder.processed,
              workorder.revoked_session
            """));
    this.database = open(registry);
  }

  /// A further pool, as a second instance of the service has.
  Database another() {
    return open(new CollectorRegistry());
  }

  private static Database open(CollectorRegistry registry) {
    Bench bench = Bench.get();
    return Database.open(
        new DatabaseConfig(bench.databaseUrl(), "workorder", new Secret(bench.password()), 10, 4),
        registry);
  }

  /// Appends events of the type `test.happened` to one subject and commits.
  void append(Outbox outbox, UUID subject, Object... data) {
    database.useTransaction(handle -> {
      for (Object one : data) {
        outbox.append(handle, subject, Instant.now(), NewEvent.of("test.happened", one));
      }
    });
  }

  /// Takes away what updates and rollbacks left of the outbox.
  void vacuum() {
    admin.useHandle(handle -> handle.execute("vacuum workorder.outbox"));
  }

  /// What is in the outbox, by subject and sequence.
  List<Map<String, Object>> outbox() {
    return admin.withHandle(handle ->
        handle
            .createQuery("select * from workorder.outbox order by aggregate_id, sequence")
            .mapToMap()
            .list());
  }

  Set<UUID> sent() {
    return ids("select id from workorder.outbox where sent_at is not null");
  }

  Set<UUID> unsent() {
    return ids("select id from workorder.outbox where sent_at is null");
  }

  Set<UUID> ids(String query) {
    return admin.withHandle(handle -> handle.createQuery(query).mapTo(UUID.class).set());
  }

  int execute(String sql, Object... arguments) {
    return admin.withHandle(handle -> handle.execute(sql, arguments));
  }

  @Override
  public void close() {
    database.close();
  }
}
