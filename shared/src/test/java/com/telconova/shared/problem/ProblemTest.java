package com.telconova.shared.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProblemTest {
  @Test
  void each_failure_has_its_status_and_a_type_of_its_own() {
    List<Failure> failures =
        List.of(
            new Failure.BadRequest("d"),
            new Failure.Unauthenticated("d"),
            new Failure.Forbidden("d"),
            new Failure.NotFound("d"),
            new Failure.Conflict("d"),
            new Failure.PreconditionFailed("d"),
            new Failure.TooLarge("d"),
            new Failure.UnsupportedMediaType("d"),
            Failure.Invalid.at("/x", "d"),
            new Failure.Unavailable("d", Duration.ofSeconds(1)));

    List<Problem> problems = failures.stream().map(ProblemMapper::map).toList();

    assertThat(problems)
        .extracting(Problem::status)
        .containsExactly(400, 401, 403, 404, 409, 412, 413, 415, 422, 503);
    assertThat(problems.stream().map(Problem::type).distinct()).hasSize(problems.size());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        400, 401, 403, 404, 405, 408, 409, 412, 413, 414, 415, 418, 422, 426, 431, 500, 501, 502,
        503, 505
      })
  void every_status_has_a_problem_with_something_to_say(int status) {
    Problem problem = ProblemMapper.ofStatus(status, null);

    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.title()).isNotBlank();
    assertThat(problem.detail()).isNotBlank();
  }

  @Test
  void our_own_faults_never_say_what_happened() {
    assertThat(ProblemMapper.ofStatus(500, "secret").detail()).doesNotContain("secret");
    assertThat(ProblemMapper.ofStatus(502, "secret").detail()).doesNotContain("secret");
  }

  @Test
  void an_extension_is_a_member_even_when_it_is_an_empty_list() {
    Problem problem =
        ProblemMapper.map(
            new Failure.Conflict("Ended.", Map.of("allowedTransitions", List.of(), "n", 0)));

    JsonNode json = Mappers.TOLERANT.valueToTree(problem.at("/orders/1", "r-1"));

    assertThat(json.path("allowedTransitions").isArray()).isTrue();
    assertThat(json.path("n").asInt(-1)).isZero();
    assertThat(json.has("errors")).isFalse();
    assertThat(json.has("extensions")).isFalse();
  }

  @Test
  void the_first_fault_at_a_place_counts_and_all_places_are_named() {
    Faults faults = new Faults();

    faults.text("/name", " ", 1, 10);
    faults.text("/name", null, 1, 10);
    faults.text("/title", null, 1, 10);
    faults.text("/emoji", "🚧".repeat(10), 1, 10);
    faults.text("/long", "x".repeat(11), 1, 10);
    faults.optionalText("/optional", null, 1, 10);
    faults.range("/low", 0.999, 1, 2);
    faults.range("/high", 2.001, 1, 2);
    faults.range("/fine", 2, 1, 2);
    faults.range("/absent", null, 1, 2);
    faults.matches("/code", "ab1", Pattern.compile("[a-z]+"), "takes letters");
    faults.atMost("/list", List.of(1, 2, 3), 2);

    assertThat(faults.list())
        .containsExactly(
            new Fault("/name", "takes 1 to 10 characters"),
            new Fault("/title", "is required"),
            new Fault("/long", "takes 1 to 10 characters"),
            new Fault("/low", "takes a number from 1 to 2"),
            new Fault("/high", "takes a number from 1 to 2"),
            new Fault("/code", "takes letters"),
            new Fault("/list", "takes at most 2 items"));
    assertThatThrownBy(faults::check).isInstanceOf(Failure.Invalid.class);
    new Faults().check();
  }
}
