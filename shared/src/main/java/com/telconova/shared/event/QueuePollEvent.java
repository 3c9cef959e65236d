package com.telconova.shared.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/// A poll of the queue, from the call to its answer. Each poll takes as long as nothing comes.
@Name("microflow.QueuePoll")
@Label("Queue Poll")
@Category("MicroFlow")
@Threshold("0 ms")
@StackTrace(false)
final class QueuePollEvent extends jdk.jfr.Event {
  private static final QueuePollEvent PROBE = new QueuePollEvent();

  @Label("Queue")
  private String queue;

  @Label("Messages")
  private int messages;

  @Label("Event Ids")
  @Description("Of the messages that can be read, parted by blanks")
  private String eventIds;

  private transient StringBuilder ids = new StringBuilder();

  /// @return null while nobody records
  static QueuePollEvent started() {
    if (!PROBE.isEnabled()) {
      return null;
    }
    var event = new QueuePollEvent();
    event.begin();
    return event;
  }

  void add(Event read) {
    ids.append(ids.isEmpty() ? "" : " ").append(read.id());
  }

  void commit(String itsQueue, int count) {
    queue = itsQueue;
    messages = count;
    eventIds = ids.toString();
    commit();
  }
}
