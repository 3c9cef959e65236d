package com.telconova.tracking.notification.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import java.util.Locale;
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

    Message spanish = templates.render(ES, "order.status_changed", "María", data);
    Message english = templates.render(EN, "order.status_changed", "María", data);

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
  void a_line_about_what_the_event_does_not_say_is_left_out() {
    Message message =
        templates.render(
            ES, "technician.assigned", "Ana", json("{\"code\": \"WO-1\", \"title\": \"T\"}"));

    assertThat(message.body()).doesNotContain("{", "Zona", "Motivo").endsWith("SupportSuite\n");
  }

  @Test
  void what_looks_like_a_placeholder_in_a_value_stays_as_it_is() {
    JsonNode data = json("{\"code\": \"WO-1\", \"title\": \"{name} $1 \\\\\", \"address\": \"x\"}");

    Message message = templates.render(EN, "order.created", "{code}", data);

    assertThat(message.subject()).isEqualTo("We have your order WO-1: {name} $1 \\");
    assertThat(message.body()).startsWith("Hello {code},");
  }

  @Test
  void every_word_that_workorder_uses_has_a_translation() {
    for (String status :
        new String[] {"CREATED", "ASSIGNED", "IN_PROGRESS", "ON_HOLD", "COMPLETED", "CANCELLED"}) {
      JsonNode data = json("{\"code\": \"c\", \"title\": \"t\", \"to\": \"%s\"}".formatted(status));

      assertThat(templates.render(ES, "order.status_changed", "n", data).subject())
          .doesNotContain(status);
      assertThat(templates.render(EN, "order.status_changed", "n", data).subject())
          .doesNotContain(status);
    }
  }

  @Test
  void a_subject_has_its_limit() {
    JsonNode data = json("{\"code\": \"c\", \"title\": \"%s\"}".formatted("😀".repeat(300)));

    String subject = templates.render(EN, "order.created", "n", data).subject();

    assertThat(subject.codePointCount(0, subject.length())).isEqualTo(200);
  }

  private static JsonNode json(String text) {
    try {
      return Mappers.TOLERANT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
