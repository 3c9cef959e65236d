package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ThreadsIT {
  @TempDir Path root;

  @Test
  void a_counter_never_falls_when_threads_end_or_numbers_are_used_again() {
    Tree tree = new Tree(root);
    thread(tree, 7, "worker-1", 'S', 100, 3_000_000_000L);
    thread(tree, 8, "worker-2", 'R', 100, 1_000_000_000L);
    Metrics metrics = Metrics.below(root);
    assertThat(wait(metrics)).isEqualTo(4);

    thread(tree, 8, "worker-2", 'R', 100, 1_500_000_000L);
    assertThat(wait(metrics)).isEqualTo(4.5);

    Checkout.delete(root.resolve("proc/self/task/7"));
    assertThat(wait(metrics)).isEqualTo(4.5);

    // Another thread with the number of one that ended, which has waited longer than that had.
    thread(tree, 8, "worker-3", 'R', 200, 2_000_000_000L);
    assertThat(wait(metrics)).isEqualTo(6.5);
    thread(tree, 7, "worker-4", 'R', 200, 1);
    assertThat(wait(metrics)).isCloseTo(6.5, within(1e-6));

    assertThat(metrics.of("process_thread_runqueue_wait_seconds_total", "thread", "worker"))
        .isCloseTo(6.5, within(1e-6));
    assertThat(metrics.of("process_thread_count", "thread", "worker")).isEqualTo(2);
  }

  @Test
  void a_thread_that_was_met_before_it_had_its_own_name_gets_it() {
    Tree tree = new Tree(root);
    thread(tree, 7, "main", 'R', 100, 1_000_000_000L);
    thread(tree, 8, "worker-10", 'R', 100, 1_000_000_000L);
    Metrics metrics = Metrics.below(root);
    assertThat(metrics.of("process_thread_count", "thread", "main")).isEqualTo(1);

    thread(tree, 7, "worker-1", 'S', 100, 1_500_000_000L);

    assertThat(metrics.of("process_thread_count", "thread", "worker")).isEqualTo(2);
    assertThat(metrics.of("process_thread_count", "thread", "main")).isZero();
    assertThat(metrics.of("process_thread_runqueue_wait_seconds_total", "thread", "main"))
        .isEqualTo(1);
    assertThat(metrics.of("process_thread_runqueue_wait_seconds_total", "thread", "worker"))
        .isCloseTo(1.5, within(1e-6));

    // One name that begins with the other is another name.
    thread(tree, 8, "worker-1", 'S', 100, 1_000_000_000L);
    thread(tree, 7, "work", 'S', 100, 1_500_000_000L);
    assertThat(metrics.of("process_thread_count", "thread", "worker")).isEqualTo(1);
    assertThat(metrics.of("process_thread_count", "thread", "work")).isEqualTo(1);
  }

  @Test
  void states_are_those_of_the_kernel() {
    Tree tree = new Tree(root);
    String states = "RSSDTZ";
    for (int i = 0; i < states.length(); i++) {
      thread(tree, i, "a (b) c", states.charAt(i), 1, 0);
    }

    Metrics metrics = Metrics.below(root);

    assertThat(platform(metrics, "running")).isEqualTo(1);
    assertThat(platform(metrics, "sleeping")).isEqualTo(2);
    assertThat(platform(metrics, "uninterruptible")).isEqualTo(1);
    assertThat(platform(metrics, "other")).isEqualTo(2);
    assertThat(metrics.of("process_thread_count", "thread", "a (b) c")).isEqualTo(6);
  }

  @Test
  void without_statistics_of_the_scheduler_everything_else_is_there() throws IOException {
    Tree tree = new Tree(root);
    thread(tree, 1, "worker", 'S', 1, 5);
    java.nio.file.Files.delete(root.resolve("proc/self/task/1/schedstat"));

    Metrics metrics = Metrics.below(root);

    assertThat(wait(metrics)).isNaN();
    assertThat(
            metrics.of(
                "process_thread_context_switches_total", "thread", "worker", "type", "voluntary"))
        .isEqualTo(40);
  }

  @Test
  void names_are_told_apart_up_to_a_limit() {
    Tree tree = new Tree(root);
    for (int i = 0; i < 200; i++) {
      thread(tree, i, "thread" + (char) ('A' + i), 'S', 1, 0);
    }

    Metrics metrics = Metrics.below(root);

    assertThat(metrics.of("process_thread_count", "thread", "other")).isEqualTo(200 - 64);
    assertThat(metrics.sum("process_thread_count")).isEqualTo(200);
  }

  @Test
  void numbers_at_the_end_of_a_name_do_not_tell_threads_apart() {
    assertThat(Threads.group("GC Thread#12")).isEqualTo("GC Thread");
    assertThat(Threads.group("ForkJoinPool-1-")).isEqualTo("ForkJoinPool-1");
    assertThat(Threads.group("http-8")).isEqualTo("http");
    assertThat(Threads.group("42")).isEqualTo("42");
    assertThat(Threads.group("")).isEmpty();
  }

  private static double wait(Metrics metrics) {
    return metrics.of("process_runqueue_wait_seconds_total");
  }

  private static double platform(Metrics metrics, String state) {
    return metrics.of("process_threads", "kind", "platform", "state", state);
  }

  private static void thread(
      Tree tree, int id, String name, char state, long started, long waitedNanos) {
    String folder = "proc/self/task/" + id + "/";
    tree.with(
            folder + "stat",
            "%d (%s) %c 1 1 1 0 -1 4194560 5 0 6 0 70 30 0 0 20 0 3 0 %d 1 1\n"
                .formatted(id, name, state, started))
        .with(folder + "schedstat", "%d %d 12\n".formatted(waitedNanos + 1, waitedNanos))
        .with(
            folder + "status",
            "Name: x\nvoluntary_ctxt_switches:\t40\nnonvoluntary_ctxt_switches:\t4\n");
  }
}
