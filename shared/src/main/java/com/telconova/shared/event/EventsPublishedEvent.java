package com.telconova.shared.event;

import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

/// A call that hands events to the topic.
@Name("microflow.EventsPublished")
@Label("Events Published")
@Category("MicroFlow")
@Threshold("0 ms")
@StackTrace(false)
final class EventsPublishedEvent extends Event {
  private static final EventsPublishedEvent PROBE = new EventsPublishedEvent();

  @Label("Batch")
  @Description("How many events")
  private int batch;

  @Label("Bytes")
  @Description("As SNS counts, attributes included")
  @DataAmount
  private int bytes;

  @Label("Accepted")
  private int accepted;

  @Label("Refused")
  @Description("Without an answer neither is known, and both are 0")
  private int refused;

  @Label("Event Ids")
  @Description("Parted by blanks")
  private String eventIds;

  @Label("Trace Parents")
  @Description("Of the events, in the same order, each with its trace's id; - for none")
  private String traceParents;

  /// @return null while nobody records
  static EventsPublishedEvent started() {
    if (!PROBE.isEnabled()) {
      return null;
    }
    var event = new EventsPublishedEvent();
    event.begin();
    return event;
  }

  void commit(List<PublishBatchRequestEntry> entries, int itsAccepted, int itsRefused) {
    end();
    if (shouldCommit()) {
      batch = entries.size();
      bytes = entries.stream().mapToInt(SnsPublisher::bytes).sum();
      accepted = itsAccepted;
      refused = itsRefused;
      eventIds =
          entries.stream().map(PublishBatchRequestEntry::id).collect(Collectors.joining(" "));
      traceParents =
          entries.stream().map(EventsPublishedEvent::trace).collect(Collectors.joining(" "));
      commit();
    }
  }

  private static String trace(PublishBatchRequestEntry entry) {
    var trace = entry.messageAttributes().get("traceparent");
    return trace == null ? "-" : trace.stringValue();
  }
}
