package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Rounds;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What the always-on recording costs: the same process with it and without, in turns.
@EnabledOnOs(OS.LINUX)
final class RecordingCostIT {
  private static final int PAIRS = Rounds.of(0, 10);
  private static final int WARM_UP = 6_000;
  private static final int REQUESTS = 12_000;

  /// @param startMillis from the start to ready, by a look each 50 ms
  /// @param freshMebibytes of memory, ready and unused
  /// @param usedMebibytes of memory, after all requests
  /// @param perSecond requests
  /// @param micros of processor time for a request
  private record Cost(
      double startMillis,
      double freshMebibytes,
      double usedMebibytes,
      double perSecond,
      double micros) {}

  @Test
  void what_the_recording_costs_in_memory_and_processor_time() throws Exception {
    assumeTrue(PAIRS > 0, "measured with -Dmicroflow.rounds=full");
    Pairs<Cost> pairs;
    try (AuthFixture fixture = new AuthFixture()) {
      pairs = Pairs.inTurns(PAIRS, () -> cost(fixture, "on"), () -> cost(fixture, "off"));
    }

    System.out.printf(
        "recording on against off, %d pairs of %,d requests; median (second lowest to second"
            + " highest): start %s ms; RSS when ready %s MiB, after the requests %s MiB; requests a"
            + " second %s; CPU a request %s%n",
        pairs.count(),
        WARM_UP + REQUESTS,
        pairs.more(Cost::startMillis),
        pairs.more(Cost::freshMebibytes),
        pairs.more(Cost::usedMebibytes),
        pairs.percent(Cost::perSecond),
        pairs.percent(Cost::micros));
    System.out.printf("of each pair, on/off: %s%n", pairs.each(i -> inWords(pairs, i)));
    // Others may use the machine: this is no more than a net.
    assertThat(median(pairs.with(), Cost::usedMebibytes))
        .isLessThan(median(pairs.without(), Cost::usedMebibytes) + 48);
    assertThat(median(pairs.with(), Cost::micros))
        .isLessThan(median(pairs.without(), Cost::micros) * 1.3);
  }

  private static Cost cost(AuthFixture fixture, String recording) throws Exception {
    fixture.environment.put("JFR_RECORDING", recording);
    long began = System.nanoTime();
    try (MeasuredAuth auth = new MeasuredAuth(fixture)) {
      double started = (System.nanoTime() - began) / 1e6;
      int fresh = auth.residentMebibytes();
      auth.ask(WARM_UP);
      MeasuredAuth.Asked asked = auth.ask(REQUESTS);
      return new Cost(
          started, fresh, auth.residentMebibytes(), asked.perSecond(), asked.cpuMicros());
    }
  }

  private static String inWords(Pairs<Cost> pairs, int pair) {
    Cost on = pairs.with().get(pair);
    Cost off = pairs.without().get(pair);
    return "%.0f/%.0f MiB %.0f/%.0f us"
        .formatted(on.usedMebibytes(), off.usedMebibytes(), on.micros(), off.micros());
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> what) {
    double[] sorted = costs.stream().mapToDouble(what).sorted().toArray();
    assertThat(Arrays.stream(sorted).allMatch(value -> value > 0)).isTrue();
    return sorted[sorted.length / 2];
  }
}
