package com.telconova.local.report.figures;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;

/// Who wants which events.
final class Events {
  private final Map<String, Consumer<RecordedEvent>> wanted = new HashMap<>();

  /// @param name of an event, such as `jdk.CPULoad`; may be asked for by several
  Events on(String name, Consumer<RecordedEvent> consumer) {
    wanted.merge(name, consumer, Consumer::andThen);
    return this;
  }

  void accept(RecordedEvent event) {
    Consumer<RecordedEvent> consumer = wanted.get(event.getEventType().getName());
    if (consumer != null) {
      consumer.accept(event);
    }
  }
}
