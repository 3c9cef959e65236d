package com.telconova.tracking.timeline;

import java.time.Instant;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What it costs to link an entry of the timeline to the one before.
@State(Scope.Benchmark)
public class ChainBenchmark {
  private final String previous = "0123456789abcdef".repeat(4);
  private final NewEntry entry =
      new NewEntry(
          new UUID(0x0190_0000_0000_7000L, 1),
          new UUID(0x0190_0000_0000_7000L, 2),
          "order.status_changed",
          Instant.parse("2026-01-31T14:00:00.123456Z"),
          new Actor(new UUID(0, 3), "TECHNICIAN"),
          """
          {"from":"ASSIGNED","to":"IN_PROGRESS","technicianId":"01900000-0000-7000-8000-00000000000a",\
          "reason":"Arrived at the customer's; the line is dead behind the splitter","version":3}\
          """);

  @Benchmark
  public String hash() {
    return Chain.hash(previous, entry);
  }
}
