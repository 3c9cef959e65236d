package com.telconova.local.demo;

import com.telconova.local.steps.Condition;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.shared.testing.Topology;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// The events that crossed the queues, as the services' own tables tell it: written to an outbox,
/// published by its relay, processed by each consumer.
final class Events implements AutoCloseable {

  private final Connection connection;

  /// @param url of a role that reads every schema
  Events(String url) throws SQLException {
    connection = DriverManager.getConnection(url);
  }

  /// One event.
  ///
  /// @param published empty while its relay has not marked it
  /// @param processed when, by consumer
  private record Crossing(
      String type,
      String from,
      Instant occurred,
      Optional<Instant> published,
      Map<String, Instant> processed) {

    boolean isComplete() {
      return published.isPresent() && processed.keySet().containsAll(Topology.consumers(type));
    }
  }

  /// Waits until every event is published and processed by all its consumers.
  void awaitAll() {
    Condition.await(
        "every event is processed by all its consumers",
        this::all,
        events -> events.stream().allMatch(Crossing::isComplete),
        events ->
            events.stream()
                .filter(e -> !e.isComplete())
                .map(e -> e.type() + " is processed by " + e.processed().keySet())
                .collect(Collectors.joining(", ")));
  }

  /// One line an event, oldest first.
  void print(Terminal terminal) {
    var table = new Table("event", "from", "published>", "processed by");
    for (var event : all()) {
      var consumers =
          Topology.consumers(event.type()).stream()
              .map(c -> c + " " + millis(event.occurred(), event.processed().get(c)))
              .collect(Collectors.joining(", "));
      table.row(
          event.type(),
          event.from(),
          millis(event.occurred(), event.published().orElse(null)),
          consumers.isEmpty() ? "(nobody subscribes)" : terminal.arrow() + " " + consumers);
    }
    table.print(terminal);
    terminal.quiet(
        "  Milliseconds after the change that the event tells of. Published: when the relay");
    terminal.quiet("  had SNS's receipt, which a consumer may well beat.");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private List<Crossing> all() {
    try {
      var processed = processed();
      var crossings = new ArrayList<Crossing>();
      for (var publisher : Topology.SERVICES) {
        var query =
            "select id, type, occurred_at, sent_at from " + publisher + ".outbox limit 1000";
        try (var statement = connection.createStatement();
            var rows = statement.executeQuery(query)) {
          while (rows.next()) {
            var sent = Optional.ofNullable(rows.getObject("sent_at", OffsetDateTime.class));
            crossings.add(
                new Crossing(
                    rows.getString("type"),
                    publisher,
                    rows.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                    sent.map(OffsetDateTime::toInstant),
                    processed.getOrDefault(rows.getObject("id", UUID.class), Map.of())));
          }
        }
      }
      crossings.sort(Comparator.comparing(Crossing::occurred));
      return crossings;
    } catch (SQLException e) {
      throw new IllegalStateException("The events cannot be read", e);
    }
  }

  private Map<UUID, Map<String, Instant>> processed() throws SQLException {
    var processed = new HashMap<UUID, Map<String, Instant>>();
    for (var consumer : Topology.SERVICES) {
      var query = "select event_id, processed_at from " + consumer + ".processed limit 1000";
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(query)) {
        while (rows.next()) {
          processed
              .computeIfAbsent(rows.getObject("event_id", UUID.class), _ -> new HashMap<>())
              .put(consumer, rows.getObject("processed_at", OffsetDateTime.class).toInstant());
        }
      }
    }
    return processed;
  }

  private static String millis(Instant from, Instant to) {
    return to == null ? "not yet" : Duration.between(from, to).toMillis() + " ms";
  }
}
