package com.telconova.local.report.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

final class JourneysTest {

  private static final int PUBLISHER = 0;
  private static final int CONSUMER = 1;

  @Test
  void the_steps_of_an_event_add_up_to_its_way() {
    var journeys = new Journeys(10);
    journeys.handled(CONSUMER, "a", "order.created", "t", 190, 250, false);
    journeys.polled(CONSUMER, "a", 50, 180);
    journeys.published(PUBLISHER, "a", "t", 100, 150);

    var steps = journeys.steps().get("order.created");

    assertThat(steps.publishing().max()).isEqualTo(50);
    assertThat(steps.polling().max()).isEqualTo(80);
    assertThat(steps.waiting().max()).isEqualTo(10);
    assertThat(steps.handling().max()).isEqualTo(60);
    assertThat(steps.endToEnd().max()).isEqualTo(150);
    assertThat(journeys.clocksDiffer()).isZero();
  }

  @Test
  void a_failed_handling_is_not_its_end_and_the_first_poll_counts() {
    var journeys = new Journeys(10);
    journeys.published(PUBLISHER, "a", "t", 100, 150);
    journeys.polled(CONSUMER, "a", 50, 180);
    journeys.handled(CONSUMER, "a", "order.created", "t", 190, 250, true);
    journeys.polled(CONSUMER, "a", 500, 600);
    journeys.handled(CONSUMER, "a", "order.created", "t", 610, 650, false);

    var steps = journeys.steps().get("order.created");

    assertThat(steps.polling().max()).isEqualTo(80);
    assertThat(steps.endToEnd().max()).isEqualTo(550);
  }

  @Test
  void an_event_that_comes_before_it_is_sent_shows_how_much_clocks_differ() {
    var journeys = new Journeys(10);
    journeys.published(PUBLISHER, "a", "t", 1_000, 1_050);
    journeys.polled(CONSUMER, "a", 500, 700);

    assertThat(journeys.clocksDiffer()).isEqualTo(300);
  }

  @Test
  void of_more_than_can_be_followed_the_same_part_is_in_every_recording() {
    var forward = new Journeys(100);
    var backward = new Journeys(100);
    int events = 10_000;
    for (int i = 0; i < events; i++) {
      forward.published(PUBLISHER, id(i), "", i, i + 1);
      backward.published(PUBLISHER, id(events - 1 - i), "", i, i + 1);
    }
    for (int i = 0; i < events; i++) {
      forward.polled(CONSUMER, id(i), 0, i);
      forward.handled(CONSUMER, id(i), "x", "", i, i + 1, false);
      backward.polled(CONSUMER, id(i), 0, i);
      backward.handled(CONSUMER, id(i), "x", "", i, i + 1, false);
    }

    assertThat(forward.followed()).isBetween(20, 100).isEqualTo(backward.followed());
    assertThat(forward.oneOf()).isGreaterThanOrEqualTo(64).isEqualTo(backward.oneOf());
    assertThat(forward.whole()).isEqualTo(forward.followed());
    assertThat(backward.whole()).isEqualTo(backward.followed());
  }

  @Test
  void the_slowest_between_two_recordings_are_shown_and_a_middling_one() {
    var journeys = new Journeys(100);
    for (int i = 1; i <= 11; i++) {
      journeys.published(PUBLISHER, "e" + i, "trace" + i, 0, 1);
      journeys.handled(CONSUMER, "e" + i, "x", "trace" + i, 5, i * 100, false);
    }
    journeys.published(PUBLISHER, "own", "", 0, 1);
    journeys.handled(PUBLISHER, "own", "x", "", 5, 90_000, false);

    journeys.choose();
    journeys.asked("trace11", new Journey.Request(PUBLISHER, "POST /orders", -5, 0));

    assertThat(journeys.shown())
        .extracting(Journey::id)
        .containsExactly("e11", "e10", "e9", "e8", "e6");
    assertThat(journeys.shown().getFirst().requests()).hasSize(1);
  }

  private static String id(int number) {
    return new UUID(0x01900000_00007000L + number, 0x8000_0000_0000_0000L | number * 31L)
        .toString();
  }
}
