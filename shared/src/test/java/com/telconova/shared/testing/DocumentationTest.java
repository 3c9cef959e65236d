package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.problem.ProblemMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Whether whoever integrates finds everything in the documents without reading code.
final class DocumentationTest {
  private static final String PROBLEM = "application/problem+json";
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z<>-]+)` \\| (\\S+) \\| (.{10,}) \\| (.{4,}) \\|$");

  /// What each type comes from. A type of the mapper that is not here is one that nobody explained.
  /// The value is what a service's own code has where it can happen there; null: everywhere.
  private static final Map<String, String> SOURCES = sources();

  private final Path root = Checkout.find().root();

  @Test
  void every_operation_says_what_it_does_and_shows_a_request_and_its_answer() {
    List<String> faults = new ArrayList<>();
    operations((document, operation, node) -> {
      for (String field : List.of("operationId", "summary", "description")) {
        if (node.path(field).asText().isBlank()) {
          faults.add(operation + " has no " + field);
        }
      }
      if (!tags(document).contains(node.at("/tags/0").asText("none"))) {
        faults.add(operation + " has no tag that the document describes");
      }
      contents(
          document,
          node.path("requestBody"),
          (type, media) -> {
            if (!media.has("example")) {
              faults.add(operation + " shows no body as " + type);
            }
          });
      node.path("responses")
          .properties()
          .forEach(response ->
              contents(
                  document,
                  response.getValue(),
                  (type, media) -> {
                    if (!media.has("example")) {
                      faults.add(operation + " shows no " + response.getKey() + " as " + type);
                    }
                  }));
    });

    assertThat(faults).isEmpty();
  }

  @Test
  void every_parameter_header_answer_schema_and_field_is_described() {
    List<String> faults = new ArrayList<>();
    documents()
        .forEach((service, document) -> {
          describedIn(document, document.root().path("paths"), service + " /paths", faults);
          JsonNode components = document.root().path("components");
          describedIn(document, components, service + " /components", faults);
          for (String kind : List.of("schemas", "parameters", "headers", "responses")) {
            components
                .path(kind)
                .properties()
                .forEach(each ->
                    requireDescription(
                        document,
                        each.getValue(),
                        service + " " + kind + "/" + each.getKey(),
                        faults));
          }
        });

    assertThat(faults).isEmpty();
  }

  @Test
  void every_refusal_names_its_type_as_the_guide_has_it_and_shows_one() {
    List<String> faults = new ArrayList<>();
    operations((document, operation, node) -> {
      Map<String, String> guide = guide(document);
      node.get("responses")
          .properties()
          .forEach(entry -> {
            String status = entry.getKey();
            if (status.startsWith("4") || status.startsWith("5")) {
              JsonNode response = document.resolve(entry.getValue());
              JsonNode example = response.path("content").path(PROBLEM).path("example");
              String type = example.path("type").asText().replace("urn:microflow:problem:", "");
              boolean fits =
                  example.path("status").asText().equals(status)
                      && response.path("description").asText().contains("`" + type + "`")
                      && status.equals(guide.get(type));
              if (!fits) {
                faults.add(operation + " " + status + " is shown as " + example);
              }
            }
          });
    });

    assertThat(faults).isEmpty();
  }

  @Test
  void every_type_of_problem_that_the_code_can_send_is_explained_and_no_other() {
    Set<String> ofTheMapper =
        IntStream.range(400, 600)
            .mapToObj(status -> ProblemMapper.ofStatus(status, null).type())
            .map(type -> type.replace("urn:microflow:problem:", ""))
            .map(type -> type.replaceAll("^http-[0-9]+$", "http-<status>"))
            .collect(Collectors.toSet());
    assertThat(SOURCES.keySet()).containsAll(ofTheMapper);

    documents()
        .forEach((service, document) -> {
          String code = code(service + "/src/main/java");
          Set<String> possible =
              SOURCES.entrySet().stream()
                  .filter(type ->
                      type.getValue() == null
                          || Pattern.compile(type.getValue()).matcher(code).find())
                  .map(Map.Entry::getKey)
                  .collect(Collectors.toCollection(TreeSet::new));
          assertThat(new TreeSet<>(guide(document).keySet())).as(service).isEqualTo(possible);
        });
  }

  /// Types that are no status' own, wherever they are made, are in the list above.
  @Test
  void no_service_makes_a_type_of_its_own_unseen() {
    Pattern made = Pattern.compile("Failure\\.Unauthenticated\\(\\s*\"([a-z-]+)\"|Problem\\.of\\(");
    Set<String> types = new TreeSet<>();
    for (String service : Topology.SERVICES) {
      made.matcher(code(service + "/src/main/java"))
          .results()
          .forEach(found -> types.add(found.group(1) == null ? found.group() : found.group(1)));
    }

    assertThat(types).containsExactly("totp-enrolment-required", "totp-required");
    assertThat(SOURCES).containsKeys(types.toArray(String[]::new));
  }

  @Test
  void what_the_guides_have_in_common_is_said_in_the_same_words() {
    Map<String, Set<String>> sections = new TreeMap<>();
    Map<String, Set<String>> rows = new TreeMap<>();
    documents()
        .forEach((_, document) -> {
          String text = document.root().at("/info/description").asText();
          for (String section : text.split("(?m)^## ")) {
            String title = section.lines().findFirst().orElseThrow();
            if (text.contains("## " + title)) {
              List<String> said =
                  section.lines().filter(line -> !ROW.matcher(line).matches()).toList();
              sections
                  .computeIfAbsent(title, _ -> new TreeSet<>())
                  .add(String.join("\n", said).strip());
            }
          }
          text.lines()
              .map(ROW::matcher)
              .filter(Matcher::matches)
              .forEach(
                  row -> rows.computeIfAbsent(row.group(1), _ -> new TreeSet<>()).add(row.group()));
        });

    assertThat(sections.keySet())
        .contains("Authentication", "Errors", "Paging", "Limits", "Versions", "Trying again");
    assertThat(sections).allSatisfy((title, said) -> assertThat(said).as(title).hasSize(1));
    assertThat(rows).allSatisfy((type, said) -> assertThat(said).as(type).hasSize(1));
  }

  @Test
  void the_catalogue_of_events_says_what_each_means_and_describes_every_field() {
    SchemaDocument events = SchemaDocument.load(root.resolve("docs/asyncapi.yaml"));
    List<String> faults = new ArrayList<>();
    // What a message says of its envelope only narrows what the envelope describes.
    describedIn(events, events.root().at("/components/schemas"), "/schemas", faults);
    for (String place : List.of("/components/schemas", "/components/messages", "/operations")) {
      assertThat(events.root().at(place).properties()).isNotEmpty();
      events
          .root()
          .at(place)
          .properties()
          .forEach(each ->
              requireDescription(events, each.getValue(), place + "/" + each.getKey(), faults));
    }
    events
        .root()
        .at("/components/messages")
        .properties()
        .forEach(message -> {
          if (message.getValue().at("/summary").asText().isBlank()
              || message.getValue().at("/examples/0/payload").isMissingNode()) {
            faults.add(message.getKey() + " has no summary or shows no example");
          }
        });

    assertThat(faults).isEmpty();
  }

  private static Map<String, String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String everywhere :
        List.of(
            "bad-request",
            "unauthenticated",
            "forbidden",
            "not-found",
            "method-not-allowed",
            "timeout",
            "conflict",
            "too-large",
            "uri-too-long",
            "unsupported-media-type",
            "invalid",
            "too-many-requests",
            "headers-too-large",
            "http-<status>",
            "internal",
            "unavailable",
            "http-version",
            // These two are the gateway's.
            "bad-gateway",
            "gateway-timeout")) {
      sources.put(everywhere, null);
    }
    sources.put("totp-required", "\"totp-required\"");
    sources.put("totp-enrolment-required", "\"totp-enrolment-required\"");
    sources.put("precondition-failed", "(?i)Requests\\.(require)?ifMatch|PreconditionFailed");
    sources.put("precondition-required", "Requests\\.requireIfMatch|PreconditionRequired");
    sources.put("range-not-satisfiable", "HttpResponseException\\(\\s*416");
    sources.put("insufficient-storage", "Failure\\.InsufficientStorage\\(");
    return sources;
  }

  /// The types that a guide explains, with their status.
  private static Map<String, String> guide(SchemaDocument document) {
    return document
        .root()
        .at("/info/description")
        .asText()
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
  }

  private interface Visitor {
    void found(SchemaDocument document, Operation operation, JsonNode node);
  }

  private void operations(Visitor visitor) {
    documents()
        .forEach((service, document) -> {
          for (Operation operation : ApiContract.of(service).operations()) {
            visitor.found(
                document,
                operation,
                document
                    .root()
                    .path("paths")
                    .path(operation.path())
                    .path(operation.method().toLowerCase(Locale.ROOT)));
          }
        });
  }

  private static void contents(
      SchemaDocument document, JsonNode holder, BiConsumer<String, JsonNode> visitor) {
    document
        .resolve(holder)
        .path("content")
        .properties()
        .forEach(media -> visitor.accept(media.getKey(), media.getValue()));
  }

  private static Set<String> tags(SchemaDocument document) {
    Set<String> tags = new TreeSet<>();
    document
        .root()
        .path("tags")
        .forEach(tag -> {
          if (!tag.path("description").asText().isBlank()) {
            tags.add(tag.path("name").asText());
          }
        });
    return tags;
  }

  /// Every property, header and parameter below a node, whatever is between.
  private static void describedIn(
      SchemaDocument document, JsonNode node, String at, List<String> faults) {
    for (String kind : List.of("properties", "headers", "responses")) {
      node.path(kind)
          .properties()
          .forEach(field -> {
            if (field.getValue().isObject()) {
              requireDescription(document, field.getValue(), at + "/" + field.getKey(), faults);
            }
          });
    }
    if (node.path("parameters").isArray()) {
      node.get("parameters")
          .forEach(parameter -> requireDescription(document, parameter, at + " parameter", faults));
    }
    node.properties()
        .forEach(field -> {
          if (!field.getKey().equals("example") && !field.getKey().equals("examples")) {
            describedIn(document, field.getValue(), at + "/" + field.getKey(), faults);
          }
        });
    if (node.isArray()) {
      node.forEach(item -> describedIn(document, item, at + "/-", faults));
    }
  }

  /// By itself, or where its `$ref` leads.
  private static void requireDescription(
      SchemaDocument document, JsonNode node, String at, List<String> faults) {
    boolean described =
        !node.path("description").asText().isBlank()
            || !document.resolve(node).path("description").asText().isBlank();
    if (!described) {
      faults.add(at + " " + node.path("name").asText());
    }
  }

  private Map<String, SchemaDocument> documents() {
    Map<String, SchemaDocument> documents = new TreeMap<>();
    Topology.SERVICES.forEach(service ->
        documents.put(
            service, SchemaDocument.load(root.resolve("docs/openapi/" + service + ".yaml"))));
    return documents;
  }

  private String code(String folder) {
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      StringBuilder code = new StringBuilder();
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        code.append(Files.readString(file));
      }
      return code.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
