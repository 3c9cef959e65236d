package com.telconova.tracking.recipient;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PreferencesTest {
  private static final Set<Channel> USUAL = Set.of(Channel.EMAIL);
  private static final ZoneId BOGOTA = ZoneId.of("America/Bogota");

  @Test
  void whoever_said_nothing_is_told_as_usual_and_at_any_hour() {
    assertThat(Preferences.NONE.channels("order.created", USUAL)).isEqualTo(USUAL);
    assertThat(Preferences.NONE.quietUntil(Instant.EPOCH, BOGOTA)).isEmpty();
  }

  @Test
  void what_is_said_of_one_event_counts_before_the_rest() {
    Preferences preferences =
        of(
            """
            {"channels": ["PUSH", "PIGEON"], "perEvent": {"sla.warning": ["SMS", "EMAIL"],
             "order.created": []}}
            """);

    assertThat(preferences.channels("sla.warning", USUAL))
        .containsExactlyInAnyOrder(Channel.EMAIL, Channel.SMS);
    assertThat(preferences.channels("order.created", USUAL)).isEmpty();
    assertThat(preferences.channels("order.status_changed", USUAL)).containsExactly(Channel.PUSH);
  }

  @ParameterizedTest
  @CsvSource({
    "22:00, 06:30, 2026-03-03T02:59:59Z, ",
    "22:00, 06:30, 2026-03-03T03:00:00Z, 2026-03-03T11:30:00Z",
    "22:00, 06:30, 2026-03-03T04:59:59Z, 2026-03-03T11:30:00Z",
    "22:00, 06:30, 2026-03-03T05:00:00Z, 2026-03-03T11:30:00Z",
    "22:00, 06:30, 2026-03-03T11:29:59Z, 2026-03-03T11:30:00Z",
    "22:00, 06:30, 2026-03-03T11:30:00Z, ",
    "13:00, 15:00, 2026-03-03T17:59:00Z, ",
    "13:00, 15:00, 2026-03-03T18:00:00Z, 2026-03-03T20:00:00Z",
    "13:00, 15:00, 2026-03-03T20:00:00Z, "
  })
  void quiet_hours_are_those_of_the_persons_own_day(
      String start, String end, Instant now, Instant until) {
    Preferences preferences =
        of("{\"quietHours\": {\"start\": \"%s\", \"end\": \"%s\"}}".formatted(start, end));

    assertThat(preferences.quietUntil(now, BOGOTA).orElse(null)).isEqualTo(until);
  }

  @Test
  void quiet_hours_end_when_the_clock_says_so_though_it_was_changed_that_night() {
    Preferences preferences = of("{\"quietHours\": {\"start\": \"22:00\", \"end\": \"07:00\"}}");
    ZoneId madrid = ZoneId.of("Europe/Madrid");

    assertThat(preferences.quietUntil(Instant.parse("2026-03-28T22:00:00Z"), madrid))
        .hasValue(Instant.parse("2026-03-29T05:00:00Z"));
    assertThat(preferences.quietUntil(Instant.parse("2026-10-24T22:00:00Z"), madrid))
        .hasValue(Instant.parse("2026-10-25T06:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"x\"",
        "{\"channels\": 7}",
        "{\"perEvent\": {\"a\": \"b\"}}",
        "{\"quietHours\": {\"start\": \"late\", \"end\": \"07:00\"}}",
        "{\"quietHours\": {\"start\": \"07:00\", \"end\": \"07:00\"}}",
        "{\"quietHours\": {}}",
        "{\"newer\": true}"
      })
  void what_cannot_be_understood_is_left_unheeded(String json) {
    assertThat(of(json).channels("order.created", USUAL)).isEqualTo(USUAL);
    assertThat(of(json).quietUntil(Instant.parse("2026-03-03T03:00:00Z"), BOGOTA)).isEmpty();
  }

  private static Preferences of(String json) {
    try {
      return Preferences.of(Mappers.TOLERANT.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
