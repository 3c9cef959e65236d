package com.telconova.shared.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class EarlyTest {
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  @Test
  void what_is_for_later_is_waited_for_and_opened_once() throws Exception {
    Early<Integer> early = Early.later(opened::incrementAndGet);
    CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(early::get);
    assertThat(opened).hasValue(0);

    early.begin();
    early.begin();

    assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(early.get()).isEqualTo(1);
  }

  @Test
  void what_was_never_begun_cannot_be_begun_once_it_is_closed_and_nobody_waits_for_it() {
    Early<Integer> early = Early.later(opened::incrementAndGet);

    early.close();
    early.begin();

    assertThatThrownBy(early::get).isInstanceOf(IllegalStateException.class);
    assertThat(opened).hasValue(0);
  }

  @Test
  void what_is_being_opened_is_closed_once_it_is_open() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Early<AutoCloseable> early =
        Early.begin(() -> {
          go.join();
          return closed::incrementAndGet;
        });
    CompletableFuture<Void> closing = CompletableFuture.runAsync(early::close);

    go.complete(null);

    closing.join();
    assertThat(closed).hasValue(1);
  }

  @Test
  void whoever_asks_for_what_could_not_be_opened_is_told_why() {
    Early<Integer> early =
        Early.begin(() -> {
          throw new CannotStart("no port", null);
        });

    assertThatThrownBy(early::get).isInstanceOf(CannotStart.class).hasMessage("no port");
    early.close();
  }

  @Test
  void a_stop_does_not_wait_for_ever_for_what_never_opens() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    Early<Void> early = Early.begin(never::join);

    early.close(Duration.ofMillis(50));

    assertThat(never).isNotDone();
    never.complete(null);
  }
}
