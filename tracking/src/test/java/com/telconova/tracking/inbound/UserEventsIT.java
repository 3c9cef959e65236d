package com.telconova.tracking.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.Event;
import com.telconova.shared.json.Mappers;
import com.telconova.tracking.TrackingDatabase;
import com.telconova.tracking.notification.Notifications;
import com.telconova.tracking.recipient.Recipient;
import com.telconova.tracking.recipient.RecipientRepository;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UserEventsIT {
  private final Database database = TrackingDatabase.open();
  private final UserEvents events =
      new UserEvents(new Notifications(Clock.systemUTC(), database, () -> {}));
  private final UUID user = UUID.randomUUID();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_user_is_kept_as_the_newest_event_has_them() {
    handle(2, "\"name\": \"Ana Ruiz\", \"locale\": \"en\", \"active\": false");
    handle(1, "\"name\": \"Ana\", \"locale\": \"es\", \"active\": true");

    assertThat(recipient().name()).isEqualTo("Ana Ruiz");
    assertThat(recipient().locale()).isEqualTo(Locale.of("en"));
    assertThat(recipient().active()).isFalse();

    handle(3, "\"name\": \"Ana Díaz\", \"phone\": \"+573001234567\"");

    assertThat(recipient().name()).isEqualTo("Ana Díaz");
    assertThat(recipient().phone()).isEqualTo("+573001234567");
    assertThat(recipient().active()).isTrue();
  }

  @Test
  void what_an_event_leaves_out_or_this_java_does_not_know_has_a_default() {
    handle(1, "\"name\": \"Ana\", \"locale\": \"fr\", \"timeZone\": \"Mars/Olympus\"");

    assertThat(recipient().locale()).isEqualTo(Locale.of("es"));
    assertThat(recipient().timeZone()).isEqualTo(ZoneId.of("America/Bogota"));
  }

  @Test
  void an_event_without_a_name_is_refused() {
    assertThatThrownBy(() -> handle(1, "\"locale\": \"es\""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void handle(long sequence, String fields) {
    String data =
        "{\"userId\": \"%s\", \"email\": \"ana@example.com\", \"role\": \"TECHNICIAN\", %s}"
            .formatted(user, fields);
    try {
      Event event =
          new Event(
              UUID.randomUUID(),
              "urn:microflow:auth",
              "user.updated",
              user,
              Instant.now(),
              sequence,
              null,
              Mappers.TOLERANT.readTree(data));
      database.useTransaction(handle -> events.handle(handle, event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Recipient recipient() {
    return database.read(handle -> new RecipientRepository().find(handle, user)).orElseThrow();
  }
}
