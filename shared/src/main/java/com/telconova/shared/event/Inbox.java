package com.telconova.shared.event;

import com.telconova.shared.database.Database;
import com.telconova.shared.database.Message;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Gives each event to its handler once: the note that it was processed, the effect, and the
/// effect's own events commit together.
public final class Inbox {
  private final Database database;
  private final Map<String, EventHandler> handlers;
  private final Counter duplicates;

  /// @param handlers by event type
  public Inbox(Database database, Map<String, EventHandler> handlers, CollectorRegistry registry) {
    this.database = database;
    this.handlers = Map.copyOf(handlers);
    this.duplicates =
        Counter.build("inbox_duplicates_total", "Events that came again and were skipped.")
            .register(registry);
  }

  /// The types that it takes.
  public Set<String> types() {
    return handlers.keySet();
  }

  /// Handles an event unless it was handled before.
  ///
  /// @throws IllegalArgumentException when no handler takes this type: the subscription's filter
  ///   policy and the service disagree
  public void handle(Event event) {
    EventHandler handler = handlers.get(event.type());
    if (handler == null) {
      throw new IllegalArgumentException("no handler for events of type " + event.type());
    }
    database.inBackground(handle -> {
      Message message = new Message();
      Message.Found<UUID> note = note(message, event);
      EventHandler.Rest rest = handler.begin(event, message);
      message.send(handle);
      if (note.rows().isEmpty()) {
        duplicates.inc();
      } else {
        rest.finish(handle);
      }
      return null;
    });
  }

  /// Finds the event's id when it is new.
  private static Message.Found<UUID> note(Message message, Event event) {
    return message.find(
        """
        insert into processed (event_id, type) values (:id, :type)
        on conflict (event_id) do nothing
        returning event_id
        """,
        Map.of("id", event.id(), "type", event.type()),
        (row, _) -> row.getObject("event_id", UUID.class));
  }
}
