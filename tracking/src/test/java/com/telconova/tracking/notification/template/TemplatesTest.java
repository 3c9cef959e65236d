package com.telconova.tracking.notification.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import com.telconova.tracking.recipient.Preferences;
import com.telconova.tracking.recipient.Recipient;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TemplatesTest {
  private static final Locale ES = Locale.of("es");
  private static final Locale EN = Locale.of("en");
  private final Templates templates = Templates.load();

  @Test
  void both_languages_say_the_same() {
    for (String name : Templates.NAMES) {
      assertThat(templates.placeholders(EN, name))
          .as(name)
          .isEqualTo(templates.placeholders(ES, name));
    }
  }

  @Test
  void a_message_speaks_its_readers_language() {
    JsonNode data =
        json(
            """
            {"code": "WO-2026-000007", "title": "Sin internet", "from": "ASSIGNED",
             "to": "IN_PROGRESS", "reason": "Cable cortado"}
            """);

    Message spanish = templates.render(reader(ES, "María"), "order.status_changed", data);
    Message english = templates.render(reader(EN, "María"), "order.status_changed", data);

    assertThat(spanish.subject()).isEqualTo("La orden WO-2026-000007 está en curso");
    assertThat(spanish.body())
        .isEqualTo(
            """
            Hola, María:

            La orden WO-2026-000007, «Sin internet», pasó de asignada a en curso.
            Detalle: Cable cortado

            TelcoNova SupportSuite
            """);
    assertThat(english.subject()).isEqualTo("Order WO-2026-000007 is in progress");
    assertThat(english.body()).contains("went from assigned to in progress");
  }

  @Test
  void a_refused_report_says_why() {
    JsonNode data =
        json(
            """
            {"code": "WO-2026-000007", "title": "Sin internet", "from": "ON_HOLD",
             "to": "COMPLETED", "detail": "An order that is ON_HOLD cannot become COMPLETED."}
            """);

    Message spanish = templates.render(reader(ES, "Ana"), "order.transition_refused", data);
    Message english = templates.render(reader(EN, "Ana"), "order.transition_refused", data);

    assertThat(spanish.body())
        .contains("sigue en espera: tu reporte de que está completada no se aceptó.")
        .contains("Motivo: An order that is ON_HOLD cannot become COMPLETED.");
    assertThat(english.subject()).isEqualTo("Order WO-2026-000007: your report was not accepted");
  }

  @Test
  void a_line_about_what_the_event_does_not_say_is_left_out() {
    Message message =
        templates.render(
            reader(ES, "Ana"),
            "technician.assigned",
            json("{\"code\": \"WO-1\", \"title\": \"T\"}"));

    assertThat(message.body()).doesNotContain("{", "Zona", "Motivo").endsWith("SupportSuite\n");
  }

  @Test
  void a_subject_is_written_even_without_its_fields() {
    assertThat(templates.render(reader(EN, "Ana"), "sla.breached", json("{}")).subject())
        .isEqualTo("Order …: the time to … is over");
  }

  @Test
  void what_looks_like_a_placeholder_in_a_value_stays_as_it_is() {
    JsonNode data = json("{\"code\": \"WO-1\", \"title\": \"{name} $1 \\\\\", \"address\": \"x\"}");

    Message message = templates.render(reader(EN, "{code}"), "order.created", data);

    assertThat(message.subject()).isEqualTo("We have your order WO-1: {name} $1 \\");
    assertThat(message.body()).startsWith("Hello {code},");
  }

  @Test
  void every_word_that_workorder_uses_has_a_translation() {
    for (String status :
        new String[] {"CREATED", "ASSIGNED", "IN_PROGRESS", "ON_HOLD", "COMPLETED", "CANCELLED"}) {
      JsonNode data = json("{\"code\": \"c\", \"title\": \"t\", \"to\": \"%s\"}".formatted(status));

      assertThat(templates.render(reader(ES, "n"), "order.status_changed", data).subject())
          .doesNotContain(status);
      assertThat(templates.render(reader(EN, "n"), "order.status_changed", data).subject())
          .doesNotContain(status);
    }
  }

  @Test
  void a_subject_has_its_limit() {
    JsonNode data = json("{\"code\": \"c\", \"title\": \"%s\"}".formatted("😀".repeat(300)));

    String subject = templates.render(reader(EN, "n"), "order.created", data).subject();

    assertThat(subject.codePointCount(0, subject.length())).isEqualTo(200);
  }

  @Test
  void a_time_is_the_readers_own_and_a_target_has_a_word() {
    JsonNode data =
        json(
            """
            {"code": "WO-1", "title": "T", "status": "ASSIGNED", "target": "ARRIVE",
             "dueAt": "2026-03-02T18:00:00Z"}
            """);

    Message spanish = templates.render(reader(ES, "Ana"), "sla.breached", data);

    assertThat(spanish.subject()).isEqualTo("Orden WO-1: venció el plazo para llegar a");
    assertThat(spanish.body()).contains("Vencía: 2026-03-02 13:00 (America/Bogota)");
    assertThat(templates.render(reader(EN, "Ana"), "sla.warning", data).subject())
        .isEqualTo("Order WO-1: little time is left to arrive at");
  }

  @Test
  void whatever_can_be_sent_takes_the_fields_that_its_text_has() {
    Templates.SENDABLE.forEach((name, fields) -> {
      Set<String> taken = new HashSet<>(fields.required());
      taken.addAll(fields.optional());
      assertThat(
              templates.placeholders(ES, name).stream()
                  .map(field -> field.replaceAll("[{}]|.*\\.", ""))
                  .filter(field -> !field.equals("name")))
          .as(name)
          .hasSameElementsAs(taken);
    });
  }

  private static Recipient reader(Locale locale, String name) {
    return new Recipient(
        UUID.randomUUID(),
        "ana@example.com",
        name,
        null,
        "TECHNICIAN",
        locale,
        ZoneId.of("America/Bogota"),
        true,
        Preferences.NONE);
  }

  private static JsonNode json(String text) {
    try {
      return Mappers.TOLERANT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
