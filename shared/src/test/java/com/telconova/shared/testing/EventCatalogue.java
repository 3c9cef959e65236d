package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.telconova.shared.event.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/// `docs/asyncapi.yaml`: which events there are, what each looks like, who sends and who receives
/// them. Tests hold publishers and consumers to it.
public final class EventCatalogue {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MESSAGES = "/components/messages";

  private final SchemaDocument document;

  private EventCatalogue(SchemaDocument document) {
    this.document = document;
  }

  /// The catalogue of this checkout.
  public static EventCatalogue load() {
    return new EventCatalogue(
        SchemaDocument.load(Checkout.find().root().resolve("docs/asyncapi.yaml")));
  }

  /// Every type of event there is.
  public Set<String> types() {
    return names(document.root().at(MESSAGES));
  }

  /// The types that a service publishes.
  public Set<String> publishedBy(String service) {
    return names(document.root().at("/channels/" + service + "/messages"));
  }

  /// The types that a service receives, whoever publishes them.
  public Set<String> receivedBy(String service) {
    Set<String> types = new TreeSet<>();
    Topology.SERVICES.forEach(publisher -> types.addAll(received(publisher, service)));
    return types;
  }

  /// The types of this publisher that a service receives.
  public Set<String> received(String publisher, String service) {
    Set<String> types = new TreeSet<>();
    String queue = Topology.standard().queueName(service);
    for (JsonNode operation : document.root().at("/operations")) {
      JsonNode consumer = document.resolve(operation.path("bindings")).at("/sns/consumers/0");
      boolean receives =
          operation.path("action").asText().equals("receive")
              && operation.at("/channel/$ref").asText().equals("#/channels/" + publisher)
              && consumer.at("/endpoint/name").asText().equals(queue);
      if (receives) {
        operation
            .get("messages")
            .forEach(message -> types.add(document.resolve(message).get("name").asText()));
      }
    }
    return types;
  }

  /// The documented example of a type.
  public Event example(String type) {
    JsonNode example =
        document.root().at(MESSAGES + SchemaDocument.step(type) + "/examples/0/payload");
    return Event.fromJson(example.toString());
  }

  /// What is wrong with an event; empty when it is as documented.
  public List<String> faults(Event event) {
    if (!types().contains(event.type())) {
      return List.of(event.type() + " is not in the catalogue");
    }
    try {
      return document
          .faults(
              MESSAGES + SchemaDocument.step(event.type()) + "/payload/schema",
              JSON.readTree(event.toJson()))
          .stream()
          .map(fault -> event.type() + fault)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Holds everything that a service has written to its outbox to the catalogue.
  ///
  /// @return the types found there
  /// @throws AssertionError naming every fault
  public Set<String> checkOutbox(Jdbi database, String service) {
    Set<String> types = new TreeSet<>();
    Set<String> faults = new TreeSet<>();
    for (Event event : outbox(database, service)) {
      types.add(event.type());
      faults.addAll(faults(event));
      if (!publishedBy(service).contains(event.type())) {
        faults.add(service + " publishes " + event.type() + ", which is not in its channel");
      }
    }
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "Events differ from docs/asyncapi.yaml:\n" + String.join("\n", faults));
    }
    return types;
  }

  private static List<Event> outbox(Jdbi database, String service) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                select id, aggregate_id, sequence, type, occurred_at, traceparent, data
                from %s.outbox
                """
                    .formatted(service))
            .map((row, ctx) -> event(row, ctx, "urn:microflow:" + service))
            .list());
  }

  private static Event event(ResultSet row, StatementContext ctx, String source)
      throws SQLException {
    try {
      return new Event(
          row.getObject("id", UUID.class),
          source,
          row.getString("type"),
          row.getObject("aggregate_id", UUID.class),
          row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
          row.getLong("sequence"),
          row.getString("traceparent"),
          JSON.readTree(row.getString("data")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
