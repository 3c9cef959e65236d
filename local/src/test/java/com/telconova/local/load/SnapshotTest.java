package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SnapshotTest {

  @Test
  void of_what_a_service_exports_the_few_that_are_told_of_are_summed() {
    var metrics =
        Snapshot.parse(
            """
            # HELP jvm_gc_duration_seconds Garbage collections and how long they took.
            jvm_gc_duration_seconds_count{jvm_gc_name="Copy",} 7.0
            jvm_gc_duration_seconds_sum{jvm_gc_name="Copy",} 0.25
            jvm_gc_duration_seconds_count{jvm_gc_name="Mark Sweep",} 1.0
            jvm_gc_duration_seconds_sum{jvm_gc_name="Mark Sweep",} 0.5
            jvm_memory_allocated_bytes_total 1.2345678E7
            process_context_switches_total{type="voluntary",} 100.0
            process_context_switches_total{type="involuntary",} 20.0
            process_threads{kind="platform",state="running",} 3.0
            """);

    assertThat(metrics)
        .hasSize(5)
        .containsEntry("jvm_gc_duration_seconds_count", 8.0)
        .containsEntry("jvm_gc_duration_seconds_sum", 0.75)
        .containsEntry("jvm_memory_allocated_bytes_total", 12_345_678.0)
        .containsEntry("process_context_switches_total.voluntary", 100.0)
        .containsEntry("process_context_switches_total.involuntary", 20.0);
  }
}
