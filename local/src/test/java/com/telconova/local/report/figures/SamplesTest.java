package com.telconova.local.report.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class SamplesTest {

  private final Samples samples = new Samples();

  @Test
  void counters_are_the_difference_of_the_first_and_the_last_in_whatever_order_they_come() {
    samples.add(sample(20, 500));
    samples.add(sample(0, 100));
    samples.add(sample(10, 300));

    assertThat(samples.added(Counter.USER_TIME)).hasValue(400);
    assertThat(samples.span()).hasValue(20);
  }

  @Test
  void one_sample_tells_of_no_difference_and_none_tells_nothing() {
    assertThat(samples.added(Counter.USER_TIME)).isEmpty();
    assertThat(samples.highest(Counter.RESIDENT)).isEmpty();

    samples.add(sample(0, 100));

    assertThat(samples.added(Counter.USER_TIME)).isEmpty();
    assertThat(samples.span()).isEmpty();
    assertThat(samples.highest(Counter.USER_TIME)).hasValue(100);
  }

  @Test
  void what_is_not_known_is_no_zero() {
    samples.add(sample(0, -1));
    samples.add(sample(10, 300));

    assertThat(samples.added(Counter.USER_TIME)).isEmpty();
    assertThat(samples.cpu()).isEmpty();
  }

  @Test
  void a_counter_that_falls_is_another_process_and_not_known() {
    samples.add(sample(0, 900));
    samples.add(sample(10, 300));

    assertThat(samples.added(Counter.USER_TIME)).isEqualTo(OptionalLong.empty());
  }

  @Test
  void of_very_many_samples_the_first_and_the_last_stay() {
    for (int i = 10_000; i >= 0; i--) {
      samples.add(sample(i, i));
    }

    assertThat(samples.isThinned()).isTrue();
    assertThat(samples.all()).hasSizeLessThan(1_100);
    assertThat(samples.added(Counter.USER_TIME)).hasValue(10_000);
  }

  @Test
  void threads_belong_to_the_sample_before_them_and_a_new_name_began_after_the_first() {
    samples.add(sample(1_000, 0));
    samples.addGroup(1_001, "outbox-relay", group(ThreadKind.RELAY, 50));
    samples.addGroup(2_002, "outbox-relay", group(ThreadKind.RELAY, 80));
    samples.addGroup(2_003, "burner", group(ThreadKind.OTHER, 7));
    samples.add(sample(2_000, 0));

    var ends = samples.endsWithThreads();
    var kinds = Samples.kinds(ends.getFirst(), ends.getLast());

    assertThat(kinds.get(ThreadKind.RELAY).cpu()).isEqualTo(30);
    assertThat(kinds.get(ThreadKind.OTHER).cpu()).isEqualTo(7);
  }

  private static ThreadGroup group(ThreadKind kind, long cpu) {
    return new ThreadGroup(kind, 1, cpu, 0, 0, 0, 0, 0);
  }

  private static Sample sample(long at, long userTime) {
    var values = new Sample.Values();
    for (Counter counter : Counter.values()) {
      values.set(counter, counter == Counter.USER_TIME ? userTime : -1);
    }
    return Sample.of(at, values);
  }
}
