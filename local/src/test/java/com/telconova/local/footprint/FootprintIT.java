package com.telconova.local.footprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FootprintIT {

  @Test
  void this_very_process_uses_memory_threads_descriptors_and_time() {
    var footprint = Footprint.of(ProcessHandle.current().pid()).orElseThrow();

    assertThat(footprint.residentBytes()).isBetween(10L << 20, 10L << 30);
    assertThat(footprint.cpu()).isGreaterThan(Duration.ofMillis(100));
    footprint.threads().ifPresent(threads -> assertThat(threads).isGreaterThan(5));
    footprint.descriptors().ifPresent(files -> assertThat(files).isGreaterThan(3));
  }

  @Test
  void a_process_that_ended_has_none() throws Exception {
    var process = new ProcessBuilder("true").start();
    process.waitFor();

    assertThat(Footprint.of(process.pid())).isEmpty();
    assertThat(Footprint.ofTree(process.pid())).isEmpty();
  }

  @Test
  void a_tree_uses_what_its_processes_use_together() throws Exception {
    var parent = new ProcessBuilder("sh", "-c", "sleep 600 & sleep 600 & wait").start();
    try {
      org.awaitility.Awaitility.await().until(() -> parent.descendants().count() == 2);

      var tree = Footprint.ofTree(parent.pid()).orElseThrow();

      tree.threads().ifPresent(threads -> assertThat(threads).isEqualTo(3));
    } finally {
      parent.descendants().forEach(ProcessHandle::destroyForcibly);
      parent.destroyForcibly();
    }
  }
}
