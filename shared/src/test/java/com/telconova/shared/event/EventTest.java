package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.json.Mappers;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTest {
  private static final String GOLDEN =
      """
      {"specversion":"1.0","id":"018f4e3a-0000-7000-8000-000000000001",\
      "source":"urn:microflow:workorder","type":"order.created",\
      "subject":"018f4e3a-0000-7000-8000-000000000002","time":"2026-01-31T14:00:00.123456Z",\
      "datacontenttype":"application/json","dataschema":"urn:microflow:schema:order.created:1",\
      "sequence":"7","sequencetype":"Integer",\
      "traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",\
      "data":{"title":"Sin señal"}}\
      """;

  private static final Event EVENT =
      new Event(
          UUID.fromString("018f4e3a-0000-7000-8000-000000000001"),
          "urn:microflow:workorder",
          "order.created",
          UUID.fromString("018f4e3a-0000-7000-8000-000000000002"),
          Instant.parse("2026-01-31T14:00:00.123456Z"),
          7,
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          Mappers.TOLERANT.valueToTree(Map.of("title", "Sin señal")));

  record Title(String title) {}

  @Test
  void the_wire_has_this_shape_and_no_other() {
    assertThat(EVENT.toJson()).isEqualTo(GOLDEN);
    assertThat(Event.fromJson(GOLDEN)).isEqualTo(EVENT);
  }

  @Test
  void a_reader_takes_what_it_knows_and_skips_the_rest() {
    String newer =
        GOLDEN
            .replace("\"specversion\"", "\"added\":{\"x\":[1]},\"specversion\"")
            .replace("{\"title\"", "{\"colour\":\"red\",\"title\"");

    assertThat(Event.fromJson(newer).data(Title.class)).isEqualTo(new Title("Sin señal"));
  }

  @Test
  void an_event_may_come_without_a_trace() {
    Event event = Event.fromJson(GOLDEN.replaceFirst("\"traceparent\":\"[^\"]*\",", ""));

    assertThat(event.traceparent()).isNull();
    assertThat(event.toJson()).doesNotContain("traceparent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "source", "type", "subject", "time", "sequence"})
  void without_a_required_attribute_it_is_no_event(String attribute) {
    String without = GOLDEN.replaceFirst("\"" + attribute + "\":\"[^\"]*\",", "");

    assertThatThrownBy(() -> Event.fromJson(without)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "null", "[]", "5", "\"x\"", "{", "{}", "hello", "{\"id\": {}}", "\u0000"})
  void what_is_no_event_is_refused_in_one_way(String text) {
    assertThatThrownBy(() -> Event.fromJson(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void attributes_of_another_form_are_refused_in_the_same_way() {
    for (String[] change :
        new String[][] {
          {"018f4e3a-0000-7000-8000-000000000001", "1"},
          {"018f4e3a-0000-7000-8000-000000000002", "order 5"},
          {"2026-01-31T14:00:00.123456Z", "yesterday"},
          {"\"sequence\":\"7\"", "\"sequence\":\"seven\""},
          {"{\"title\":\"Sin señal\"}", "[".repeat(60) + "]".repeat(60)}
        }) {
      String changed = GOLDEN.replace(change[0], change[1]);

      assertThatThrownBy(() -> Event.fromJson(changed))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void data_of_another_form_is_the_handlers_to_refuse() {
    Event event = Event.fromJson(GOLDEN.replace("\"Sin señal\"", "[1]"));

    assertThatThrownBy(() -> event.data(Title.class)).isInstanceOf(IllegalArgumentException.class);
  }
}
