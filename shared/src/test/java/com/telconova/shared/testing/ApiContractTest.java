package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What can be said of the documents without starting a service.
final class ApiContractTest {
  private final Map<String, SchemaDocument> documents = documents();

  @Test
  void every_operation_has_a_name_of_its_own_a_summary_and_roles() {
    Set<String> names = new HashSet<>();
    for (String service : documents.keySet()) {
      for (Operation operation : ApiContract.of(service).operations()) {
        JsonNode node = node(service, operation);
        String as = service + " " + operation;
        assertThat(names.add(node.path("operationId").asText())).as(as).isTrue();
        assertThat(node.path("summary").asText()).as(as).isNotBlank();
        assertThat(operation.roles()).as(as).isNotEmpty();
        assertThat(node.path("security").isArray() && node.path("security").isEmpty())
            .as(as + ": no token is needed if anyone may call")
            .isEqualTo(operation.roles().contains(Role.ANYONE));
        if (operation.roles().contains(Role.SUPERVISOR)) {
          assertThat(operation.roles()).as(as).contains(Role.ADMIN);
        }
      }
    }
  }

  @Test
  void every_example_is_as_its_schema_says() {
    List<String> faults = new ArrayList<>();
    documents.forEach((service, document) ->
        examples(
            document,
            document.root(),
            "",
            (pointer, example) ->
                document
                    .faults(document.pointer(pointer + "/schema"), example)
                    .forEach(fault -> faults.add(service + pointer + ": " + fault))));

    assertThat(faults).isEmpty();
  }

  @Test
  void every_parameter_of_a_path_is_described_and_has_one_name_at_its_place() {
    Map<String, String> names = new HashMap<>();
    for (String service : documents.keySet()) {
      for (Operation operation : ApiContract.of(service).operations()) {
        List<String> described =
            operation.parameters("path").stream().map(Operation.Parameter::name).toList();
        List<String> found = new ArrayList<>();
        String before = "";
        for (String step : operation.path().substring(1).split("/")) {
          if (step.startsWith("{")) {
            found.add(step.substring(1, step.length() - 1));
            String other = names.putIfAbsent(before, step);
            assertThat(other).as(before).isIn(null, step);
          }
          before += "/" + (step.startsWith("{") ? "*" : step);
        }
        assertThat(described).as(operation.toString()).containsExactlyInAnyOrderElementsOf(found);
      }
    }
  }

  @Test
  void what_the_services_have_in_common_is_described_in_the_same_words() {
    Map<String, Map<String, JsonNode>> byName = new TreeMap<>();
    documents.forEach((service, document) ->
        List.of(
                "/components/securitySchemes/bearer",
                "/components/headers/RequestId",
                "/components/headers/RetryAfter",
                "/components/parameters/Limit",
                "/components/parameters/Cursor",
                "/components/parameters/IdempotencyKey",
                "/components/responses/BadRequest",
                "/components/responses/Unauthenticated",
                "/components/responses/Forbidden",
                "/components/responses/NotFound",
                "/components/responses/Conflict",
                "/components/responses/TooLarge",
                "/components/responses/UnsupportedMediaType",
                "/components/responses/Invalid",
                "/components/responses/Unavailable",
                "/components/schemas/Problem",
                "/components/schemas/Fault")
            .forEach(pointer ->
                byName
                    .computeIfAbsent(pointer, _ -> new TreeMap<>())
                    .put(service, document.root().at(pointer))));

    byName.forEach(
        (pointer, versions) -> assertThat(new HashSet<>(versions.values())).as(pointer).hasSize(1));
  }

  private interface Example {
    void found(String pointer, JsonNode example);
  }

  /// Wherever an `example` stands beside a `schema`.
  private static void examples(
      SchemaDocument document, JsonNode node, String pointer, Example visitor) {
    if (node.has("schema") && node.has("example")) {
      visitor.found(pointer, node.get("example"));
    }
    node.properties()
        .forEach(field ->
            examples(
                document,
                field.getValue(),
                pointer + SchemaDocument.step(field.getKey()),
                visitor));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      examples(document, node.get(i), pointer + "/" + i, visitor);
    }
  }

  private JsonNode node(String service, Operation operation) {
    return documents
        .get(service)
        .root()
        .at(
            "/paths"
                + SchemaDocument.step(operation.path())
                + "/"
                + operation.method().toLowerCase(Locale.ROOT));
  }

  private static Map<String, SchemaDocument> documents() {
    Map<String, SchemaDocument> documents = new TreeMap<>();
    try (Stream<Path> files = Files.list(Checkout.find().root().resolve("docs/openapi"))) {
      files.forEach(file ->
          documents.put(
              file.getFileName().toString().replace(".yaml", ""), SchemaDocument.load(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return documents;
  }
}
