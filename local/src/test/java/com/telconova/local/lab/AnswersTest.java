package com.telconova.local.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Answers follow from what was measured, and say so when that is not what one expects.
final class AnswersTest {

  @Test
  void a_virtual_thread_that_cost_more_is_said_to_have() {
    var cheaper = ThreadCost.tell(List.of(point(false, 60), point(true, 10)));
    var dearer = ThreadCost.tell(List.of(point(false, 10), point(true, 60)));

    assertThat(say(cheaper)).contains("platform thread took 60.0 KiB", "6.00 times");
    assertThat(say(dearer)).contains("cost MORE", "6.00 times");
  }

  @Test
  void a_system_that_allows_fewer_threads_is_said_to() {
    var few = new ThreadCost.Point(false, 1_000, 800, one(800), one(800 * 1_024), one(0), one(0.1));

    assertThat(say(ThreadCost.tell(List.of(few, point(true, 1)))))
        .contains("allowed 800 platform threads of 1,000");
  }

  @Test
  void weights_that_do_not_come_true_are_said_not_to() {
    var fits = Nice.tell(List.of(pair(19, false, 0.015), pair(19, true, 0.5)), true);
    var not = Nice.tell(List.of(pair(19, false, 0.4), pair(19, true, 0.015)), false);

    assertThat(say(fits)).contains("the weights say 1.4 %", "meant nothing", "Autogroups are on");
    assertThat(say(not)).contains("did not come true", "still counts", "Autogroups are off");
  }

  @Test
  void the_weights_are_those_of_the_kernel() {
    assertThat(Nice.predicted(0)).isEqualTo(0.5);
    assertThat(Nice.predicted(10)).isEqualTo(110.0 / 1134);
    assertThat(Nice.predicted(19)).isEqualTo(15.0 / 1039);
  }

  @Test
  void a_sample_has_its_median_its_quantiles_and_its_ends() {
    var sample = Sample.of(5, 1, 4, 2, 3, 100);

    assertThat(sample.median()).isEqualTo(3.5);
    assertThat(sample.quantile(0.5)).isEqualTo(3);
    assertThat(sample.quantile(0.99)).isEqualTo(100);
    assertThat(sample.least()).isEqualTo(1);
    assertThat(sample.most()).isEqualTo(100);
  }

  @Test
  void a_misspelt_name_is_near_to_the_right_one() {
    assertThat(Experiments.near("thread")).contains("threads");
    assertThat(Experiments.near("nise")).contains("nice");
    assertThat(Experiments.near("quantum-entanglement")).isEmpty();
  }

  private static ThreadCost.Point point(boolean virtual, int kibibytesEach) {
    return new ThreadCost.Point(
        virtual,
        1_000,
        1_000,
        one(virtual ? 0 : 1_000),
        one(1_000.0 * kibibytesEach * 1_024),
        one(0),
        one(0.1));
  }

  private static Nice.Pair pair(int niceness, boolean apart, double share) {
    return new Nice.Pair(niceness, apart, one(share), one(1));
  }

  private static Sample one(double value) {
    return Sample.of(value);
  }

  static String say(Finding finding) {
    var all = new StringBuilder();
    for (var language : List.of(Language.EN, Language.ES)) {
      finding.answers().forEach(answer -> all.append(language.say(answer)).append('\n'));
    }
    return all.toString();
  }
}
