package com.telconova.local.report.figures;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;

/// A process's part in what goes through the queues: what it published, polled and handled.
public final class Queues {
  private static final int MAX_TYPES = 200;
  private static final String FAILED = "failed";

  private final int process;
  private final Journeys journeys;
  private final Map<String, Queue> polled = new TreeMap<>();
  private final Map<String, Handled> handled = new HashMap<>();
  private final Buckets handledRate;
  private final Histogram publishing = new Histogram();
  private long published;
  private long accepted;
  private long refused;
  private long publishedBytes;

  /// One queue's polls.
  public static final class Queue {
    private final Histogram withMessages = new Histogram();
    private final Histogram empty = new Histogram();
    private long messages;

    /// Polls that brought something.
    public Histogram withMessages() {
      return withMessages;
    }

    /// Polls that brought nothing: they last as long as they may wait.
    public Histogram empty() {
      return empty;
    }

    public long messages() {
      return messages;
    }
  }

  /// Events of one type that were handled.
  public static final class Handled {
    private final String type;
    private final Histogram handling = new Histogram();
    private final Histogram age = new Histogram();
    private final Histogram endToEnd = new Histogram();
    private long failed;
    private long again;
    private long negative;

    private Handled(String type) {
      this.type = type;
    }

    public String type() {
      return type;
    }

    public Histogram handling() {
      return handling;
    }

    /// From when they occurred to when their handling began.
    public Histogram age() {
      return age;
    }

    /// From when they occurred to the end of their handling; failed ones are not in it.
    public Histogram endToEnd() {
      return endToEnd;
    }

    public long failed() {
      return failed;
    }

    /// How many had come before.
    public long again() {
      return again;
    }

    /// How many were handled before they occurred, by two clocks that differ.
    public long negative() {
      return negative;
    }
  }

  Queues(int process, Axis axis, Journeys journeys) {
    this.process = process;
    this.journeys = journeys;
    handledRate = new Buckets(axis);
  }

  void register(Events events) {
    events
        .on("microflow.QueuePoll", this::poll)
        .on("microflow.EventHandled", this::handle)
        .on("microflow.EventsPublished", this::publish);
  }

  private void poll(RecordedEvent event) {
    long start = Fields.start(event);
    long end = Fields.end(event);
    String name = Fields.text(event, "queue");
    String kept = polled.containsKey(name) || polled.size() < MAX_TYPES ? name : Sites.OTHER;
    Queue queue = polled.computeIfAbsent(kept, n -> new Queue());
    long messages = Fields.number(event, "messages");
    (messages > 0 ? queue.withMessages : queue.empty).add(end - start);
    queue.messages += Math.max(0, messages);
    for (String id : words(Fields.text(event, "eventIds"))) {
      journeys.polled(process, id, start, end);
    }
  }

  private void handle(RecordedEvent event) {
    long start = Fields.start(event);
    long end = Fields.end(event);
    String name = Fields.text(event, "type");
    String kept = handled.containsKey(name) || handled.size() < MAX_TYPES ? name : Sites.OTHER;
    Handled type = handled.computeIfAbsent(kept, Handled::new);
    boolean failed = Fields.text(event, "outcome").equals(FAILED);
    // The time an event occurred is told in whole milliseconds.
    long age = Fields.nanos(event, "age");
    type.handling.add(end - start);
    type.age.add(age);
    type.negative += age < 0 ? 1 : 0;
    if (failed) {
      type.failed++;
    } else {
      type.endToEnd.add(age + end - start);
    }
    if (Fields.number(event, "receiveCount") > 1) {
      type.again++;
    }
    handledRate.add(end, 1);
    journeys.handled(
        process,
        Fields.text(event, "eventId"),
        name,
        Fields.text(event, "traceId"),
        start,
        end,
        failed);
  }

  private void publish(RecordedEvent event) {
    long start = Fields.start(event);
    long end = Fields.end(event);
    publishing.add(end - start);
    published += Math.max(0, Fields.number(event, "batch"));
    accepted += Math.max(0, Fields.number(event, "accepted"));
    refused += Math.max(0, Fields.number(event, "refused"));
    publishedBytes += Math.max(0, Fields.number(event, "bytes"));
    String[] parents = words(Fields.text(event, "traceParents"));
    String[] ids = words(Fields.text(event, "eventIds"));
    for (int i = 0; i < ids.length; i++) {
      String[] parent = i < parents.length ? parents[i].split("-") : new String[0];
      journeys.published(process, ids[i], parent.length > 1 ? parent[1] : "", start, end);
    }
  }

  private static String[] words(String text) {
    return text.isBlank() ? new String[0] : text.strip().split(" +");
  }

  /// By the queue's name.
  public Map<String, Queue> polled() {
    return polled;
  }

  /// The most frequent type first.
  public List<Handled> handled() {
    return handled.values().stream()
        .sorted(
            Comparator.comparingLong((Handled type) -> type.handling().count())
                .reversed()
                .thenComparing(Handled::type))
        .toList();
  }

  /// How many were handled in each part of the axis.
  public Buckets handledRate() {
    return handledRate;
  }

  /// How long calls took that publish.
  public Histogram publishing() {
    return publishing;
  }

  /// Events that were handed over.
  public long published() {
    return published;
  }

  public long accepted() {
    return accepted;
  }

  public long refused() {
    return refused;
  }

  public long publishedBytes() {
    return publishedBytes;
  }
}
