package com.telconova.shared.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Fault;
import com.telconova.shared.problem.Faults;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  enum Priority {
    P1,
    P2
  }

  record Skill(String name, Integer level) {}

  record NewOrder(
      String title,
      Integer minutes,
      Long count,
      Double latitude,
      Boolean urgent,
      Priority priority,
      UUID customerId,
      Instant windowStart,
      Skill main,
      List<Skill> skills,
      List<String> tags)
      implements Body {
    @Override
    public void check(Faults faults) {
      faults.text("/title", title, 3, 10);
      faults.range("/minutes", minutes, 5, 60);
    }
  }

  @Test
  void a_body_of_the_right_shape_becomes_a_record() {
    NewOrder order =
        parse(
            """
            {"title": "Línea 🚧", "minutes": 30, "count": 9007199254740993, "latitude": 4,
             "urgent": true, "priority": "P1",
             "customerId": "018f4e3a-0000-7000-8000-000000000001",
             "windowStart": "2026-01-31T09:00:00.123456789-05:00",
             "main": {"name": "fibre", "level": 2}, "skills": [{"name": "copper"}], "tags": []}
            """);

    assertThat(order)
        .isEqualTo(
            new NewOrder(
                "Línea 🚧",
                30,
                9_007_199_254_740_993L,
                4.0,
                true,
                Priority.P1,
                UUID.fromString("018f4e3a-0000-7000-8000-000000000001"),
                Instant.parse("2026-01-31T14:00:00.123456Z"),
                new Skill("fibre", 2),
                List.of(new Skill("copper", null)),
                List.of()));
  }

  @Test
  void every_value_of_the_wrong_type_and_every_broken_rule_is_named_at_once() {
    Map<String, String> faults =
        invalid(
            """
            {"title": "no", "minutes": "30", "count": 1.5, "latitude": "4", "urgent": 1,
             "priority": "P9", "customerId": "1", "windowStart": "tomorrow", "main": [],
             "skills": [{"name": 5, "level": "high"}, 7, "x"], "tags": {"a": 1}}
            """);

    assertThat(faults)
        .containsOnly(
            Map.entry("/title", "takes 3 to 10 characters"),
            Map.entry("/minutes", "takes a whole number"),
            Map.entry("/count", "takes a whole number"),
            Map.entry("/latitude", "takes a number"),
            Map.entry("/urgent", "takes true or false"),
            Map.entry("/priority", "takes one of P1, P2"),
            Map.entry("/customerId", "takes a UUID"),
            Map.entry("/windowStart", "takes an RFC 3339 time such as 2026-01-31T14:00:00Z"),
            Map.entry("/main", "takes an object"),
            Map.entry("/skills/0/name", "takes a text without NUL characters"),
            Map.entry("/skills/0/level", "takes a whole number"),
            Map.entry("/skills/1", "takes an object"),
            Map.entry("/skills/2", "takes an object"),
            Map.entry("/tags", "takes an array"));
  }

  @Test
  void a_value_of_the_wrong_type_is_not_also_reported_as_missing() {
    assertThat(invalid("{\"title\": 5}"))
        .containsOnly(Map.entry("/title", "takes a text without NUL characters"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"minutes\": 30.0}",
        "{\"minutes\": true}",
        "{\"minutes\": 2147483648}",
        "{\"minutes\": []}",
        "{\"minutes\": {}}",
        "{\"minutes\": \"\"}",
        "{\"count\": \"\"}",
        "{\"count\": 9223372036854775808}",
        "{\"count\": 1e3}",
        "{\"latitude\": 1e999}",
        "{\"latitude\": \"NaN\"}",
        "{\"latitude\": \"\"}",
        "{\"urgent\": \"true\"}",
        "{\"urgent\": \"\"}",
        "{\"priority\": 0}",
        "{\"priority\": \"\"}",
        "{\"priority\": \" \"}",
        "{\"priority\": \"p1\"}",
        "{\"priority\": \"P1 \"}",
        "{\"priority\": {}}",
        "{\"priority\": []}",
        "{\"priority\": true}",
        "{\"priority\": 1.5}",
        "{\"customerId\": \"\"}",
        "{\"customerId\": 5}",
        "{\"customerId\": \"1-1-1-1-1\"}",
        "{\"customerId\": \"AAAAAAAAAAAAAAAAAAAAAA==\"}",
        "{\"windowStart\": 5}",
        "{\"windowStart\": 1.5}",
        "{\"windowStart\": \"1234567890\"}",
        "{\"windowStart\": \"\"}",
        "{\"windowStart\": \"2026-01-31\"}",
        "{\"windowStart\": \"2026-01-31T14:00:00\"}",
        "{\"windowStart\": \"2026-02-30T14:00:00Z\"}",
        "{\"windowStart\": \"+999999999-12-31T23:59:59Z\"}",
        "{\"windowStart\": \"0001-01-01T00:00:00+01:00\"}",
        "{\"windowStart\": \"9999-12-31T23:59:59-01:00\"}",
        "{\"windowStart\": []}",
        "{\"windowStart\": {}}",
        "{\"windowStart\": true}",
        "{\"main\": \"\"}",
        "{\"main\": \"x\"}",
        "{\"main\": 5}",
        "{\"main\": true}",
        "{\"skills\": {}}",
        "{\"skills\": \"\"}",
        "{\"skills\": \"x\"}",
        "{\"skills\": 5}",
        "{\"skills\": [[]]}",
        "{\"skills\": [null]}",
        "{\"tags\": [5]}",
        "{\"tags\": [null]}",
        "{\"tags\": \"a\"}",
        "{\"tags\": [[\"a\"]]}",
        "{\"title\": [\"abc\"]}",
        "{\"title\": true}",
        "{\"title\": \"a\\u0000bc\"}",
        "{\"title\": \"abc\\ud800\"}",
      })
  void a_value_that_is_not_exactly_of_its_type_is_a_fault_of_its_field(String body) {
    String valid =
        body.contains("title") ? body : body.replaceFirst("\\{", "{\"title\": \"abc\", ");

    Map<String, String> faults = invalid(valid);

    assertThat(faults).hasSize(1);
    String pointer = faults.keySet().iterator().next();
    assertThat(pointer).startsWith("/" + body.substring(2, body.indexOf('"', 2)));
  }

  @Test
  void unknown_fields_are_named_with_their_pointers_wherever_they_are() {
    Failure.BadRequest thrown =
        badRequest(
            """
            {"title": "abc", "colour": 1, "a/b~c": {"deep": [1, {"x": 2}]},
             "main": {"name": "x", "grade": 2}, "skills": [{"name": "x"}, {"nam": "y"}]}
            """);

    assertThat(thrown.faults().stream().map(Fault::pointer))
        .containsExactlyInAnyOrder("/colour", "/a~1b~0c", "/main/grade", "/skills/1/nam");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{\"title\"}",
        "{title: 1}",
        "{'title': 'abc'}",
        "{\"title\": \"abc\",}",
        "{\"title\": \"abc\"} x",
        "{\"title\": \"abc\"}{}",
        "{\"title\": \"abc\"} ]",
        "{\"title\": \"a\tb\"}",
        "{\"title\": \"\\x\"}",
        "{\"title\": tru}",
        "{\"minutes\": 01}",
        "{\"minutes\": +1}",
        "{\"latitude\": NaN}",
        "{\"title\": \"abc\", \"title\": \"abd\"}",
        "// comment\n{}",
        "null",
        "[]",
        "[{\"title\": \"abc\"}]",
        "\"\"",
        "\"x\"",
        "5",
        "true",
      })
  void what_is_not_one_json_object_is_a_bad_request(String body) {
    badRequest(body);
  }

  @Test
  void bytes_that_are_not_utf_8_are_a_bad_request() {
    byte[][] bodies = {
      {'{', '"', 't', 'i', 't', 'l', 'e', '"', ':', '"', (byte) 0xff, 'a', 'b', '"', '}'},
      {'{', '"', 't', 'i', 't', 'l', 'e', '"', ':', '"', (byte) 0xc3},
      {0, 0, (byte) 0xfe, (byte) 0xff, 0, 0, 0, '{'},
      {0, 0, 0, '{', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff},
      {(byte) 0xff, (byte) 0xfe, 0, 0, 1},
      {(byte) 0xfe, (byte) 0xff, 0},
      {0},
    };

    for (byte[] body : bodies) {
      assertThatThrownBy(() -> Json.parse(body, NewOrder.class))
          .isInstanceOf(Failure.BadRequest.class);
    }
  }

  @Test
  void a_document_nests_up_to_fifty_levels_and_no_deeper() {
    // an unknown field is skipped, but not unlimited
    assertThat(badRequest("{\"x\": " + "[".repeat(49) + "]".repeat(49) + "}").faults()).hasSize(1);

    Failure.BadRequest tooDeep = badRequest("{\"x\": " + "[".repeat(50) + "]".repeat(50) + "}");

    assertThat(tooDeep).hasMessageContaining("50").hasMessageContaining("deep");
    assertThat(badRequest("{\"x\": ".repeat(20_000))).hasMessageContaining("deep");
  }

  @Test
  void numbers_and_names_of_absurd_length_are_a_bad_request() {
    badRequest("{\"minutes\": " + "9".repeat(100_000) + "}");
    badRequest("{\"latitude\": 1e" + "9".repeat(2_000) + "}");
    badRequest("{\"" + "n".repeat(100_000) + "\": 1}");
  }

  @Test
  void however_many_unknown_fields_there_are_the_answer_stays_short() {
    String many =
        IntStream.range(0, 10_000)
            .mapToObj(n -> "\"f" + n + "\": 1")
            .collect(Collectors.joining(",", "{", "}"));

    assertThat(badRequest(many).faults()).hasSizeLessThanOrEqualTo(100);
    assertThat(invalid("{\"title\": \"abc\", \"tags\": [" + "5,".repeat(10_000) + "5]}"))
        .hasSizeLessThanOrEqualTo(100);
  }

  private static NewOrder parse(String body) {
    return Json.parse(body.getBytes(UTF_8), NewOrder.class);
  }

  private static Failure.BadRequest badRequest(String body) {
    var thrown = catchThrowableOfType(Failure.BadRequest.class, () -> parse(body));
    assertThat(thrown).as(body.length() > 100 ? body.substring(0, 100) : body).isNotNull();
    return thrown;
  }

  private static Map<String, String> invalid(String body) {
    var thrown = catchThrowableOfType(Failure.Invalid.class, () -> parse(body));
    assertThat(thrown).as(body.length() > 100 ? body.substring(0, 100) : body).isNotNull();
    return thrown.faults().stream().collect(Collectors.toMap(Fault::pointer, Fault::detail));
  }
}
