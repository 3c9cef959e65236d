package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Rounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What the always-on recording costs: the same process with it and without, in turns.
@EnabledOnOs(OS.LINUX)
final class RecordingCostIT {
  private static final int PAIRS = Rounds.of(0, 4);
  private static final int WARM_UP = 6_000;
  private static final int REQUESTS = 12_000;

  /// @param startMillis from the start to ready, by a look each 50 ms
  /// @param freshMebibytes of memory, ready and unused
  /// @param usedMebibytes of memory, after all requests
  /// @param micros of processor time for a request
  private record Cost(
      double startMillis, double freshMebibytes, double usedMebibytes, double micros) {}

  @Test
  void what_the_recording_costs_in_memory_and_processor_time() throws Exception {
    assumeTrue(PAIRS > 0, "measured with -Dmicroflow.rounds=full");
    List<Cost> with = new ArrayList<>();
    List<Cost> without = new ArrayList<>();
    try (AuthFixture fixture = new AuthFixture()) {
      for (int pair = 0; pair < PAIRS; pair++) {
        if (pair % 2 == 0) {
          with.add(cost(fixture, "on"));
          without.add(cost(fixture, "off"));
        } else {
          without.add(cost(fixture, "off"));
          with.add(cost(fixture, "on"));
        }
      }
    }

    System.out.printf(
        "recording on / off, medians of %d pairs (of each pair: %s):"
            + " start %.0f / %.0f ms; RSS when ready %.0f / %.0f MiB, after %,d requests"
            + " %.0f / %.0f MiB; %.0f / %.0f us of CPU a request%n",
        PAIRS,
        pairs(with, without),
        median(with, Cost::startMillis),
        median(without, Cost::startMillis),
        median(with, Cost::freshMebibytes),
        median(without, Cost::freshMebibytes),
        WARM_UP + REQUESTS,
        median(with, Cost::usedMebibytes),
        median(without, Cost::usedMebibytes),
        median(with, Cost::micros),
        median(without, Cost::micros));
    // Others may use the machine: this is no more than a net.
    assertThat(median(with, Cost::usedMebibytes))
        .isLessThan(median(without, Cost::usedMebibytes) + 48);
    assertThat(median(with, Cost::micros)).isLessThan(median(without, Cost::micros) * 1.3);
  }

  private static Cost cost(AuthFixture fixture, String recording) throws Exception {
    fixture.environment.put("JFR_RECORDING", recording);
    long began = System.nanoTime();
    try (MeasuredAuth auth = new MeasuredAuth(fixture)) {
      double started = (System.nanoTime() - began) / 1e6;
      int fresh = auth.residentMebibytes();
      auth.ask(WARM_UP);
      MeasuredAuth.Asked asked = auth.ask(REQUESTS);
      return new Cost(started, fresh, auth.residentMebibytes(), asked.cpuMicros());
    }
  }

  private static String pairs(List<Cost> with, List<Cost> without) {
    return String.join(
        ", ",
        IntStream.range(0, with.size())
            .mapToObj(i ->
                "%.0f/%.0f MiB %.0f/%.0f us"
                    .formatted(
                        with.get(i).usedMebibytes(),
                        without.get(i).usedMebibytes(),
                        with.get(i).micros(),
                        without.get(i).micros()))
            .toList());
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> what) {
    double[] sorted = costs.stream().mapToDouble(what).sorted().toArray();
    assertThat(Arrays.stream(sorted).allMatch(value -> value > 0)).isTrue();
    return sorted[sorted.length / 2];
  }
}
