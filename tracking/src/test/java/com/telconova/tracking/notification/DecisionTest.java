package com.telconova.tracking.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.Preferences;
import com.telconova.tracking.recipient.Recipient;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class DecisionTest {
  private static final Instant NOON = Instant.parse("2026-03-02T17:00:00Z");
  private static final Preferences NIGHT =
      new Preferences(null, null, new Preferences.QuietHours("11:00", "13:00"), null);
  private static final Preferences NEVER = new Preferences(List.of(), null, null, null);
  private static final Preferences ALL =
      new Preferences(List.of("EMAIL", "SMS", "PUSH"), null, null, "arn:ana");

  @Test
  void mail_goes_to_whoever_did_not_choose_and_nothing_else_does() {
    assertThat(decide(Channel.EMAIL, Preferences.NONE))
        .isEqualTo(new Decision.Send("ana@example.com"));
    assertThat(decide(Channel.SMS, Preferences.NONE)).isInstanceOf(Decision.Suppress.class);
    assertThat(decide(Channel.PUSH, Preferences.NONE)).isInstanceOf(Decision.Suppress.class);
  }

  @Test
  void a_person_who_wants_all_gets_sms_only_of_what_cannot_wait() {
    assertThat(decide(Channel.PUSH, ALL)).isEqualTo(new Decision.Send("arn:ana"));
    assertThat(decide(Channel.SMS, ALL)).isInstanceOf(Decision.Suppress.class);
    assertThat(
            Decision.of(delivery(Channel.SMS, "technician.assigned", false, false), ana(ALL), NOON))
        .isEqualTo(new Decision.Send("+573001234567"));
    assertThat(Decision.of(delivery(Channel.SMS, "sla.breached", false, true), ana(ALL), NOON))
        .isEqualTo(new Decision.Send("+573001234567"));
  }

  @Test
  void whoever_has_no_phone_gets_no_sms() {
    Recipient nowhere =
        new Recipient(
            UUID.randomUUID(),
            "ana@example.com",
            "Ana",
            null,
            "CLIENT",
            Locale.of("es"),
            ZoneId.of("America/Bogota"),
            true,
            new Preferences(ALL.channels(), null, null, null));

    assertThat(Decision.of(delivery(Channel.SMS, "sla.breached", false, true), nowhere, NOON))
        .isEqualTo(new Decision.Suppress("This person has no address for SMS."));
    assertThat(Decision.of(delivery(Channel.PUSH, "sla.breached", false, true), nowhere, NOON))
        .isInstanceOf(Decision.Suppress.class);
  }

  @Test
  void at_quiet_hours_only_what_is_critical_goes() {
    assertThat(decide(Channel.EMAIL, NIGHT))
        .isInstanceOfSatisfying(
            Decision.Wait.class,
            wait -> assertThat(wait.until()).isEqualTo("2026-03-02T18:00:00Z"));
    assertThat(Decision.of(delivery(Channel.EMAIL, "x", false, true), ana(NIGHT), NOON))
        .isInstanceOf(Decision.Send.class);
  }

  @Test
  void what_is_critical_finds_its_way_to_whoever_wants_nothing() {
    assertThat(decide(Channel.EMAIL, NEVER)).isInstanceOf(Decision.Suppress.class);
    assertThat(Decision.of(delivery(Channel.EMAIL, "x", false, true), ana(NEVER), NOON))
        .isInstanceOf(Decision.Send.class);
    assertThat(Decision.of(delivery(Channel.SMS, "x", false, true), ana(NEVER), NOON))
        .isInstanceOf(Decision.Suppress.class);
  }

  @Test
  void a_secret_goes_whatever_is_preferred() {
    for (Preferences preferences : List.of(NEVER, NIGHT, ALL)) {
      assertThat(
              Decision.of(
                  delivery(Channel.EMAIL, "password.reset", true, true), ana(preferences), NOON))
          .isInstanceOf(Decision.Send.class);
    }
  }

  @Test
  void the_usual_channels_are_queued_and_those_asked_for() {
    Preferences perEvent = new Preferences(null, Map.of("sla.warning", List.of("SMS")), null, null);

    assertThat(Decision.channels("sla.warning", Optional.empty())).containsExactly(Channel.EMAIL);
    assertThat(Decision.channels("sla.warning", Optional.of(ana(perEvent))))
        .containsExactly(Channel.EMAIL, Channel.SMS);
    assertThat(Decision.channels("order.created", Optional.of(ana(NEVER))))
        .containsExactly(Channel.EMAIL);
  }

  private static Decision decide(Channel channel, Preferences preferences) {
    return Decision.of(
        delivery(channel, "order.status_changed", false, false), ana(preferences), NOON);
  }

  private static Delivery delivery(
      Channel channel, String template, boolean secret, boolean critical) {
    return new Delivery(
        UUID.randomUUID(),
        UUID.randomUUID(),
        UUID.randomUUID(),
        channel,
        null,
        template,
        JsonNodeFactory.instance.objectNode(),
        secret,
        critical,
        1,
        NOON,
        NOON,
        null,
        Optional.empty());
  }

  private static Recipient ana(Preferences preferences) {
    return new Recipient(
        UUID.randomUUID(),
        "ana@example.com",
        "Ana",
        "+573001234567",
        "TECHNICIAN",
        Locale.of("es"),
        ZoneId.of("America/Bogota"),
        true,
        preferences);
  }
}
