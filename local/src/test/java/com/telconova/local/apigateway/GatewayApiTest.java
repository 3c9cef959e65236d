package com.telconova.local.apigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.telconova.local.apigateway.Contract.Operation;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The document that is committed, held to the contracts and to what API Gateway takes.
final class GatewayApiTest {

  private static final Checkout CHECKOUT = Checkout.find();
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
  private static final int RESOURCES = 300;
  private static final int DOCUMENTATION_PARTS = 2_000;
  private static final int IMPORT_BYTES = 6 * 1024 * 1024;
  private static final int LONGEST_TIMEOUT = 29_000;
  private static final int LONGEST_STREAM = 900_000;

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html, and
  // what OpenAPI 3.1 and JSON Schema 2020-12 brought.
  private static final Set<String> NOT_IN_MODELS =
      Set.of(
          "example",
          "examples",
          "default",
          "discriminator",
          "readOnly",
          "writeOnly",
          "deprecated",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "additionalProperties",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "const",
          "$defs",
          "$schema",
          "$id",
          "$comment",
          "$anchor",
          "if",
          "then",
          "else",
          "prefixItems",
          "contains",
          "patternProperties",
          "propertyNames",
          "dependentRequired",
          "dependentSchemas",
          "unevaluatedProperties",
          "unevaluatedItems",
          "contentMediaType",
          "contentEncoding",
          "xml",
          "externalDocs");

  private final String text = committed();
  private final JsonNode document = parsed(TerraformText.filled(text, "filled"));
  private final List<Operation> operations =
      Topology.SERVICES.stream()
          .map(service -> Contract.load(CHECKOUT.root().resolve("docs/openapi"), service))
          .flatMap(contract -> contract.operations().stream())
          .toList();

  @Test
  void the_committed_document_is_what_the_contracts_give_now() {
    assertThat(text)
        .as("run ./microflow gateway-api and commit what it writes")
        .isEqualTo(GatewayApi.of(CHECKOUT.root().resolve("docs/openapi")));
  }

  @Test
  void it_is_valid_by_the_schema_of_openapi_3_0() throws IOException {
    var schema = getClass().getResourceAsStream("/openapi/schema-3.0.json");
    var validator =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
            .getSchema(Mappers.TOLERANT.readTree(schema));

    assertThat(validator.validate(document)).isEmpty();
    assertThat(document.path("openapi").asText()).isEqualTo("3.0.1");
  }

  @Test
  void every_operation_of_the_contracts_is_there_once_and_no_other() {
    var there = new TreeSet<String>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method ->
                    there.add(
                        path.getValue().path("x-service").asText()
                            + ": "
                            + method.getKey().toUpperCase(Locale.ROOT)
                            + " "
                            + path.getKey())));

    assertThat(there)
        .containsExactlyInAnyOrderElementsOf(operations.stream().map(Operation::place).toList());
  }

  @Test
  void every_method_is_connected_to_its_own_path_behind_the_load_balancer() {
    document
        .path("paths")
        .properties()
        .forEach(path -> {
          var methods = new TreeSet<String>();
          path.getValue().fieldNames().forEachRemaining(methods::add);
          methods.remove("x-service");
          for (var method : methods) {
            var integration = path.getValue().path(method).path(Operations.INTEGRATION);
            var mapping = integration.path("requestParameters");
            if (method.equals("options")) {
              assertThat(integration.path("type").asText()).isEqualTo("mock");
              continue;
            }
            assertThat(integration.path("type").asText()).isEqualTo("http_proxy");
            assertThat(integration.path("connectionType").asText()).isEqualTo("VPC_LINK");
            assertThat(integration.path("uri").asText()).isEqualTo("filled" + path.getKey());
            assertThat(integration.path("httpMethod").asText())
                .isEqualTo(
                    method.equals(Operations.ANY_METHOD) ? "ANY" : method.toUpperCase(Locale.ROOT));
            for (var name : Operations.pathParameters(path.getKey())) {
              assertThat(mapping.path("integration.request.path." + name).asText())
                  .isEqualTo("method.request.path." + name);
            }
            assertThat(mapping.path("integration.request.header.X-Forwarded-For").asText())
                .isEqualTo("context.identity.sourceIp");
          }
          assertThat(methods).contains("options", Operations.ANY_METHOD);
        });
  }

  @Test
  void what_may_be_long_or_endless_streams_and_nothing_else() {
    var streams = new TreeSet<String>();
    eachOperation(operation -> {
      var integration = operation.path(Operations.INTEGRATION);
      boolean stream = integration.path("responseTransferMode").asText().equals("STREAM");
      if (stream) {
        streams.add(operation.path("operationId").asText());
      }
      assertThat(integration.path("timeoutInMillis").asInt())
          .isBetween(50, stream ? LONGEST_STREAM : LONGEST_TIMEOUT);
    });

    assertThat(streams)
        .containsExactly("downloadEvidence", "exportOrders", "followAllOrders", "followOrder");
    assertThat(values(document.path("x-amazon-apigateway-binary-media-types")))
        .contains("multipart/form-data", "image/jpeg", "application/pdf")
        .doesNotContain("*/*", "application/json");
  }

  @Test
  void every_operation_has_its_throttle_and_needs_a_key_unless_a_browser_opens_it() {
    var withoutKey = new TreeSet<String>();
    eachOperation(operation -> {
      var throttle = operation.path("x-throttle");
      assertThat(throttle.path("rate").asInt()).isBetween(1, 10_000);
      assertThat(throttle.path("burst").asInt()).isBetween(throttle.path("rate").asInt(), 10_000);
      if (operation.path("security").isEmpty()) {
        withoutKey.add(operation.path("operationId").asText());
      } else {
        assertThat(operation.at("/security/0/apiKey").isArray()).isTrue();
      }
    });

    assertThat(withoutKey).contains("getKeys", "askToUnsubscribe", "unsubscribe");
    assertThat(withoutKey).noneMatch(Set.of("login", "register", "openOrder")::contains);
    assertThat(document.at("/components/securitySchemes/apiKey/name").asText())
        .isEqualTo("x-api-key");
    for (var rule : List.of("x-throttle", "x-throttle-key")) {
      assertThat(document.path(rule).path("rate").asInt()).as(rule).isPositive();
      assertThat(document.path(rule).path("burst").asInt()).as(rule).isPositive();
    }
  }

  @Test
  void of_a_json_body_only_the_outline_is_validated_which_the_services_answer_alike() {
    var jsonObject = document.at("/components/schemas/JsonObject");
    assertThat(jsonObject.path("type").asText()).isEqualTo("object");
    assertThat(jsonObject.has("properties")).isFalse();
    eachOperation(operation -> {
      var schema = operation.at("/requestBody/content/application~1json/schema");
      if (!schema.isMissingNode()) {
        assertThat(schema.path("$ref").asText()).endsWith("/JsonObject");
      }
      boolean body = operation.at("/requestBody/required").asBoolean();
      assertThat(operation.path(Operations.VALIDATOR).asText())
          .isEqualTo(body ? "all" : "parameters");
      operation
          .path("parameters")
          .forEach(parameter ->
              assertThat(parameter.path("required").asBoolean())
                  .as(
                      operation.path("operationId").asText()
                          + " "
                          + parameter.path("name").asText())
                  .isEqualTo(parameter.path("in").asText().equals("path")));
    });
  }

  @Test
  void the_gateways_own_errors_are_problems_of_the_house() {
    var answers = document.path("x-amazon-apigateway-gateway-responses");
    // Each that API Gateway has, so that its defaults hold for nothing.
    assertThat(names(answers))
        .containsExactlyInAnyOrder(
            "ACCESS_DENIED",
            "API_CONFIGURATION_ERROR",
            "AUTHORIZER_CONFIGURATION_ERROR",
            "AUTHORIZER_FAILURE",
            "BAD_REQUEST_PARAMETERS",
            "BAD_REQUEST_BODY",
            "DEFAULT_4XX",
            "DEFAULT_5XX",
            "EXPIRED_TOKEN",
            "INTEGRATION_FAILURE",
            "INTEGRATION_TIMEOUT",
            "INVALID_API_KEY",
            "INVALID_SIGNATURE",
            "MISSING_AUTHENTICATION_TOKEN",
            "QUOTA_EXCEEDED",
            "REQUEST_TOO_LARGE",
            "RESOURCE_NOT_FOUND",
            "THROTTLED",
            "UNAUTHORIZED",
            "UNSUPPORTED_MEDIA_TYPE",
            "WAF_FILTERED");
    for (var answer : answers) {
      var headers = answer.path("responseParameters");
      var problem = parsed(answer.at("/responseTemplates/application~1json").asText());
      assertThat(headers.path("gatewayresponse.header.Content-Type").asText())
          .isEqualTo("'application/problem+json'");
      assertThat(headers.has("gatewayresponse.header.X-Request-Id")).isTrue();
      assertThat(headers.has("gatewayresponse.header.Access-Control-Allow-Origin")).isTrue();
      assertThat(problem.path("type").asText()).matches("urn:microflow:problem:[a-z0-9-]+");
      assertThat(problem.path("status").asInt()).isEqualTo(answer.path("statusCode").asInt());
      assertThat(problem.path("title").asText()).isNotEmpty();
      assertThat(problem.path("detail").asText()).isNotEmpty();
      assertThat(problem.path("requestId").asText()).isEqualTo("$context.requestId");
      assertThat(headers.has("gatewayresponse.header.Retry-After"))
          .isEqualTo(problem.path("status").asInt() == 429);
    }
    assertThat(answers.at("/MISSING_AUTHENTICATION_TOKEN/statusCode").asInt()).isEqualTo(404);
  }

  @Test
  void a_page_from_elsewhere_may_send_what_the_contracts_name() {
    document
        .path("paths")
        .properties()
        .forEach(path -> {
          var answer =
              path.getValue()
                  .at(
                      "/options/x-amazon-apigateway-integration/responses/default/responseParameters");
          var allowed =
              answer
                  .path("method.response.header.Access-Control-Allow-Headers")
                  .asText()
                  .toLowerCase(Locale.ROOT)
                  .replace("'", "")
                  .split(",");
          var methods = answer.path("method.response.header.Access-Control-Allow-Methods").asText();
          path.getValue()
              .properties()
              .forEach(method -> {
                if (METHODS.contains(method.getKey())) {
                  assertThat(methods).contains(method.getKey().toUpperCase(Locale.ROOT));
                  method
                      .getValue()
                      .path("parameters")
                      .forEach(parameter -> {
                        if (parameter.path("in").asText().equals("header")) {
                          assertThat(allowed)
                              .contains(parameter.path("name").asText().toLowerCase(Locale.ROOT));
                        }
                      });
                }
              });
          assertThat(path.getValue().path("options").path("security")).isEmpty();
        });
  }

  @Test
  void no_model_has_a_keyword_or_a_name_that_api_gateway_does_not_know() {
    document
        .at("/components/schemas")
        .properties()
        .forEach(model -> {
          assertThat(model.getKey()).matches("[A-Za-z0-9]+");
          assertNoForeignKeyword(model.getKey(), model.getValue());
        });
    eachOperation(operation ->
        operation
            .path("parameters")
            .forEach(parameter -> assertNoForeignKeyword("parameter", parameter.path("schema"))));
    eachOperation(operation ->
        operation
            .path("responses")
            .forEach(response -> {
              // None by reference, and a model always is one.
              assertThat(response.has("$ref")).isFalse();
              response
                  .path("content")
                  .forEach(media -> assertThat(media.at("/schema/$ref").isTextual()).isTrue());
            }));
    for (var reference : document.findValuesAsText("$ref")) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  @Test
  void terraform_fills_in_what_was_agreed_and_nothing_else() {
    var asked = new TreeSet<String>();
    var sequence = Pattern.compile("(?<!\\$)\\$\\{([^}]*)}").matcher(text);
    while (sequence.find()) {
      asked.add(sequence.group(1));
    }

    assertThat(asked).containsExactlyInAnyOrderElementsOf(TerraformText.NAMES);
    assertThat(Pattern.compile("(?<!%)%\\{").matcher(text).find()).isFalse();
  }

  @Test
  void it_keeps_within_the_limits_of_an_import() {
    var resources = new TreeSet<String>(List.of("/"));
    var paths = names(document.path("paths"));
    for (var path : paths) {
      for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
        resources.add(path.substring(0, end));
      }
    }
    int parts =
        document.at("/x-amazon-apigateway-documentation/documentationParts").size()
            + document.at("/components/schemas").size();
    for (var path : document.path("paths")) {
      for (var method : path) {
        parts += method.path("parameters").size() + method.path("responses").size();
      }
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    System.out.printf(
        "API Gateway: %d operations, %d resources of %d, %d documentation parts of %d, %d KiB%n",
        operations.size(), resources.size(), RESOURCES, parts, DOCUMENTATION_PARTS, bytes / 1024);

    assertThat(resources).hasSizeLessThanOrEqualTo(RESOURCES);
    assertThat(parts).isLessThanOrEqualTo(DOCUMENTATION_PARTS);
    assertThat(bytes).isLessThan(IMPORT_BYTES);
  }

  private void eachOperation(Consumer<JsonNode> check) {
    document
        .path("paths")
        .forEach(path ->
            path.properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> check.accept(method.getValue())));
  }

  private static void assertNoForeignKeyword(String where, JsonNode schema) {
    var own = names(schema);
    assertThat(own).as(where).noneMatch(NOT_IN_MODELS::contains);
    assertThat(schema.path("type").isArray()).as(where).isFalse();
    assertThat(schema.path("format").asText()).as(where).doesNotMatch("int32|int64|decimal|binary");
    if (schema.has("$ref")) {
      assertThat(own).as(where).containsExactly("$ref");
    }
    if (schema.path("type").asText().equals("array")) {
      assertNoForeignKeyword(where + "[]", schema.path("items"));
    }
    schema
        .path("properties")
        .properties()
        .forEach(p -> assertNoForeignKeyword(where + "." + p.getKey(), p.getValue()));
  }

  private static List<String> names(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  private static List<String> values(JsonNode array) {
    var values = new ArrayList<String>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }

  private static String committed() {
    try {
      return Files.readString(GatewayApiCommand.file(CHECKOUT));
    } catch (IOException e) {
      throw new AssertionError("run ./microflow gateway-api", e);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return Mappers.TOLERANT.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
