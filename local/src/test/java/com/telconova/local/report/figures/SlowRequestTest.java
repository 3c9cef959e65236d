package com.telconova.local.report.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class SlowRequestTest {

  private final SlowRequest request =
      new SlowRequest(1_000, 2_000, 7, "GET /orders", 200, "r", "t");

  @Test
  void without_waits_all_of_it_is_the_rest() {
    assertThat(request.segments()).isEqualTo(Map.of(WaitKind.REST, 1_000L));
  }

  @Test
  void what_overlaps_is_counted_once_as_what_says_most() {
    request.waited(WaitKind.TRANSACTION, 1_100, 1_900);
    request.waited(WaitKind.SOCKET_READ, 1_200, 1_500);
    request.waited(WaitKind.PAUSE, 1_400, 1_600);

    assertThat(request.segments())
        .isEqualTo(
            Map.of(
                WaitKind.PAUSE, 200L,
                WaitKind.SOCKET_READ, 200L,
                WaitKind.TRANSACTION, 400L,
                WaitKind.REST, 200L));
  }

  @Test
  void the_same_wait_told_twice_is_one() {
    request.waited(WaitKind.MONITOR, 1_300, 1_400);
    request.waited(WaitKind.MONITOR, 1_350, 1_450);

    assertThat(request.segments()).containsEntry(WaitKind.MONITOR, 150L);
  }

  @Test
  void what_is_before_or_after_it_is_not_its_own() {
    request.waited(WaitKind.PAUSE, 0, 1_010);
    request.waited(WaitKind.FILE, 1_990, 5_000);
    request.waited(WaitKind.SLEEP, 2_000, 5_000);

    assertThat(request.segments())
        .isEqualTo(Map.of(WaitKind.PAUSE, 10L, WaitKind.FILE, 10L, WaitKind.REST, 980L));
  }

  @Test
  void the_parts_add_up_to_the_whole_however_many_there_are() {
    for (int i = 0; i < 3_000; i++) {
      long from = 1_000 + i * 37 % 1_000;
      request.waited(WaitKind.values()[i % (WaitKind.values().length - 1)], from, from + 5);
    }

    long sum = request.segments().values().stream().mapToLong(Long::longValue).sum();

    assertThat(sum).isEqualTo(1_000);
    assertThat(request.isCut()).isTrue();
  }
}
