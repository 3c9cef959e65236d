package com.telconova.shared.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.database.Write;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Writes events in the transaction of the change they tell of: both commit, or neither. The
/// [Relay] publishes them afterwards.
public final class Outbox {
  /// The largest event taken: what SNS and SQS take in one message, with room for attributes.
  public static final int MAX_EVENT_BYTES = 240 * 1024;

  private static final String APPEND =
      """
      with counter as (
        insert into aggregate_sequence (aggregate_id, last_sequence)
        values (:subject, :count)
        on conflict (aggregate_id)
        do update set last_sequence = aggregate_sequence.last_sequence + excluded.last_sequence
        returning last_sequence)
      insert into outbox (id, aggregate_id, sequence, type, occurred_at, traceparent, data)
      select e.id, :subject, counter.last_sequence - :count + e.position, e.type, :time,
             :traceparent, e.data::json
      from counter,
           unnest(:ids, :types, :data) with ordinality as e (id, type, data, position)
      """;

  private final Runnable afterCommit;

  /// @param afterCommit wakes the relay
  public Outbox(Runnable afterCommit) {
    this.afterCommit = afterCommit;
  }

  /// Appends events of one subject, in order, in one round trip.
  ///
  /// The counter's row stays locked until commit, so that a subject's sequence order is its commit
  /// order.
  ///
  /// @throws IllegalArgumentException when an event is larger than [#MAX_EVENT_BYTES]
  public void append(Handle handle, UUID subject, Instant time, List<NewEvent> events) {
    append(handle, time, Map.of(subject, events));
  }

  /// As the other, for many subjects at once: each has its own counter, and one round trip serves
  /// them all. Two transactions that do so for the same subjects must hold these locked before.
  public void append(Handle handle, Instant time, Map<UUID, List<NewEvent>> events) {
    PreparedBatch batch = handle.prepareBatch(APPEND);
    events.forEach((subject, told) -> {
      if (!told.isEmpty()) {
        batch.bindMap(values(subject, time, told)).add();
      }
    });
    if (batch.size() > 0) {
      batch.execute();
      handle.afterCommit(afterCommit);
    }
  }

  /// The same as a statement to be sent with others; the relay is to be told of it by [#committed].
  ///
  /// @throws IllegalArgumentException when an event is larger than [#MAX_EVENT_BYTES]
  public Write appending(UUID subject, Instant time, NewEvent event) {
    return new Write(APPEND, values(subject, time, List.of(event)));
  }

  /// Tells the relay, when the transaction of `handle` commits or at once when there is none, that
  /// something was appended.
  public void committed(Handle handle) {
    if (handle.isInTransaction()) {
      handle.afterCommit(afterCommit);
    } else {
      afterCommit.run();
    }
  }

  /// As the other, for events that speak for themselves.
  public void append(Handle handle, UUID subject, Instant time, NewEvent... events) {
    append(handle, subject, time, List.of(events));
  }

  private static Map<String, Object> values(UUID subject, Instant time, List<NewEvent> events) {
    Map<String, Object> values = new HashMap<>();
    values.put("subject", subject);
    values.put("count", events.size());
    values.put("time", time);
    values.put("traceparent", Trace.current().map(Trace::traceparent).orElse(null));
    values.put("ids", events.stream().map(NewEvent::id).toArray(UUID[]::new));
    values.put("types", events.stream().map(NewEvent::type).toArray(String[]::new));
    values.put("data", events.stream().map(Outbox::json).toArray(String[]::new));
    return values;
  }

  private static String json(NewEvent event) {
    try {
      String json = Mappers.TOLERANT.writeValueAsString(event.data());
      int bytes = json.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_EVENT_BYTES) {
        throw new IllegalArgumentException(
            "Event %s has %d bytes of data; an event takes up to %d"
                .formatted(event.type(), bytes, MAX_EVENT_BYTES));
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Event " + event.type() + " is not JSON", e);
    }
  }
}
