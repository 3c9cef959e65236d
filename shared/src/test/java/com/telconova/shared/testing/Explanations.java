package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.problem.ProblemMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Whether a refusal helps whoever reads it: it names the field or the rule, and never only repeats
/// its status in words.
final class Explanations {
  /// What a request that cannot be read may be told instead of a field.
  private static final List<String> UNREADABLE =
      List.of("JSON", "body", "header", "query", "Idempotency-Key", "If-Match", "address", "form");

  private final ApiContract contract;

  Explanations(ApiContract contract) {
    this.contract = contract;
  }

  /// What is missing; empty when all is said.
  ///
  /// @param operation what was asked for, or null when the method fits none
  List<String> faults(Operation operation, Api.Answer answer) {
    int status = answer.status();
    if (status < 400 || status >= 500 || answer.body().isMissingNode()) {
      return List.of();
    }
    List<String> faults = new ArrayList<>();
    String detail = answer.body().path("detail").asText();
    if (detail.isBlank()
        || detail.equals(answer.body().path("title").asText())
        || detail.equals(ProblemMapper.ofStatus(status, null).detail())
            && !isSaidByStatus(status)) {
      faults.add("a detail that says nothing: '" + detail + "'");
    }
    JsonNode errors = answer.body().path("errors");
    if (status == 422 && errors.isEmpty()) {
      faults.add("422 that names no field");
    } else if (status == 400
        && errors.isEmpty()
        && UNREADABLE.stream().noneMatch(detail::contains)
        && (operation == null
            || operation.parameters("header").stream()
                .noneMatch(header -> detail.contains(header.name())))) {
      faults.add("400 that names neither a parameter nor what cannot be read: '" + detail + "'");
    }
    for (JsonNode error : errors) {
      String pointer = error.path("pointer").asText();
      String said = error.path("detail").asText();
      boolean unknown = said.contains("is not a");
      if (said.isBlank() || !unknown && operation != null && !knows(operation, pointer)) {
        faults.add("an error at '%s', '%s', that nobody understands".formatted(pointer, said));
      }
    }
    return faults;
  }

  /// The few statuses with but one reason, which is the same each time.
  private static boolean isSaidByStatus(int status) {
    return Set.of(408, 414, 431).contains(status);
  }

  private boolean knows(Operation operation, String pointer) {
    boolean parameter =
        Stream.of("query", "path", "header")
            .flatMap(in -> operation.parameters(in).stream())
            .anyMatch(each -> each.name().equals(pointer));
    return parameter
        || operation.bodySchema() != null
            && (pointer.isEmpty() || knows(operation.bodySchema(), pointer));
  }

  /// Steps down a schema as far as it says what there is.
  private boolean knows(JsonNode schema, String pointer) {
    JsonNode at = contract.resolve(schema);
    for (String step : pointer.substring(1).split("/")) {
      if (at.path("items").isObject() && step.matches("[0-9]+")) {
        at = contract.resolve(at.get("items"));
      } else if (at.path("properties").has(step)) {
        at = contract.resolve(at.at("/properties/" + step));
      } else {
        // No object by the schema, or an array where one is expected: then the step leads into what
        // was sent in its place.
        return at.has("allOf") || !at.has("properties") || step.matches("[0-9]+");
      }
    }
    return true;
  }
}
