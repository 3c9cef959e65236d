package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.local.load.Target.Watched;
import java.net.http.HttpClient;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class SnapshotIT {

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_process_that_burned_cpu_between_two_looks_is_told_of() {
    var self = new Watched("self", ProcessHandle.current().pid(), false, Optional.empty());
    try (var http = HttpClient.newHttpClient()) {
      var before = Snapshot.of(self, http, () -> 10, false).orElseThrow();
      long from = before.nanos();
      double cpu;
      do {
        var after = Snapshot.of(self, http, () -> 30, true).orElseThrow();
        var cost = Snapshot.between("self", false, before, after);
        cpu = cost.cpuUserMillis() + cost.cpuSystemMillis();

        assertThat(cost.requests()).isEqualTo(20);
        assertThat(cost.cpuMillisPerRequest()).isEqualTo(cpu / 20);
        assertThat(cost.residentBytes()).isGreaterThan(10 << 20);
        assertThat(cost.threads().orElseThrow()).isGreaterThan(5);
        assertThat(cost.descriptors().orElseThrow()).isGreaterThan(3);
        assertThat(cost.voluntarySwitches()).isPresent();
        assertThat(cost.allocatedPerRequest()).isEmpty();
        assertThat(System.nanoTime() - from).isLessThan(20_000_000_000L);
      } while (cpu < 50);
    }
  }

  @Test
  void a_process_that_has_ended_has_no_cost() {
    try (var http = HttpClient.newHttpClient()) {
      var gone = new Watched("gone", Integer.MAX_VALUE, true, Optional.empty());

      assertThat(Snapshot.of(gone, http, () -> 0, true)).isEmpty();
    }
  }
}
