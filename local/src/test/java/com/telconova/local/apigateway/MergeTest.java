package com.telconova.local.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Small contracts, each with one thing to convert or to refuse.
final class MergeTest {

  private static final String THROTTLES =
      """
      otherwise: {rate: 1, burst: 1}
      key: {rate: 1, burst: 1}
      operations: {}
      tags: {any: {rate: 3, burst: 5}}
      """;

  @Test
  void what_openapi_3_1_says_of_a_value_is_said_as_3_0_does() {
    var model =
        model(
            """
            type: object
            $schema: https://json-schema.org/draft/2020-12/schema
            additionalProperties: false
            required: [state]
            properties:
              state: {const: OPEN, examples: [OPEN]}
              note: {type: [string, 'null'], default: none}
              count: {type: integer, exclusiveMinimum: 0, format: int32}
              share: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}
              either: {type: [string, integer]}
              list: {type: array, prefixItems: [{type: string}]}
              at: {type: string, format: date-time}
              file: {type: string, format: binary, contentMediaType: image/png}
              anything: true
            """);

    assertThat(model)
        .isEqualTo(
            yaml(
                """
                type: object
                properties:
                  state: {enum: [OPEN]}
                  note: {type: string, nullable: true}
                  count: {type: integer, minimum: 1}
                  share: {type: number, minimum: 0, maximum: 1}
                  either: {}
                  list: {type: array, items: {}}
                  at: {type: string, format: date-time}
                  file: {type: string}
                  anything: {}
                required: [state]
                """));
  }

  @Test
  void all_parts_of_an_all_of_become_one_and_of_alternatives_what_any_may_have() {
    assertThat(
            model(
                """
                allOf: [{$ref: '#/components/schemas/Base'}]
                required: [more]
                properties: {more: {type: integer}}
                """))
        .isEqualTo(
            yaml(
                """
                type: object
                properties: {id: {type: string}, more: {type: integer}}
                required: [id, more]
                """));
    assertThat(
            model(
                """
                oneOf:
                  - {type: object, required: [id, a], properties: {id: {type: string}, a: {type: string}}}
                  - {type: object, required: [id, b], properties: {id: {type: string}, b: {type: string}}}
                """))
        .isEqualTo(
            yaml(
                """
                type: object
                properties: {id: {type: string}, a: {type: string}, b: {type: string}}
                required: [id]
                """));
    assertThat(model("anyOf: [{$ref: '#/components/schemas/Base'}, {type: 'null'}]"))
        .isEqualTo(
            yaml(
                """
                type: object
                nullable: true
                properties: {id: {type: string}}
                required: [id]
                """));
  }

  @Test
  void a_schema_that_refers_to_itself_or_lies_within_another_is_a_model() {
    var models =
        merged(
                contract(
                    "auth",
                    "/a",
                    "getA",
                    """
                    type: object
                    properties:
                      child: {$ref: '#/components/schemas/Answer', description: one more}
                      part: {$ref: '#/components/schemas/Answer/$defs/part-of'}
                    $defs: {part-of: {type: string}}
                    """))
            .at("/components/schemas");

    assertThat(models.at("/Answer/properties/child/$ref").asText())
        .isEqualTo("#/components/schemas/Answer");
    assertThat(models.at("/Answer/properties/part/$ref").asText())
        .isEqualTo("#/components/schemas/AnswerDefsPartOf");
    assertThat(models.at("/AnswerDefsPartOf/type").asText()).isEqualTo("string");
  }

  @Test
  void what_two_services_call_alike_is_one_model_only_when_it_is_the_same() {
    var same =
        merged(
            contract("auth", "/a", "getA", "{type: object, example: {of: auth}}"),
            contract("workorder", "/b", "getB", "{type: object, example: {of: workorder}}"));
    var others =
        merged(
            contract("auth", "/a", "getA", "{type: object}"),
            contract("workorder", "/b", "getB", "{type: string}"));

    assertThat(same.at("/components/schemas").has("Answer")).isTrue();
    assertThat(same.at("/components/schemas").has("AuthAnswer")).isFalse();
    assertThat(others.at("/components/schemas").has("Answer")).isFalse();
    assertThat(others.at("/components/schemas/AuthAnswer/type").asText()).isEqualTo("object");
    assertThat(others.at("/components/schemas/WorkorderAnswer/type").asText()).isEqualTo("string");
    assertThat(
            others
                .at("/paths/~1b/get/responses/200/content/application~1json/schema/$ref")
                .asText())
        .isEqualTo("#/components/schemas/WorkorderAnswer");
  }

  @Test
  void contracts_that_claim_the_same_path_or_name_are_refused_with_every_fault_at_once() {
    assertThatThrownBy(() ->
            merged(
                contract("auth", "/a", "getA", "{type: object}"),
                contract("workorder", "/a", "getB", "{type: object}"),
                contract("tracking", "/c", "getB", "{type: object}")))
        .isInstanceOf(InvalidContract.class)
        .hasMessageContaining("workorder: GET /a: the path is auth's, too.")
        .hasMessageContaining("tracking: GET /c: the operationId is also that of workorder");
  }

  @Test
  void paths_that_api_gateway_does_not_take_are_refused() {
    assertThatThrownBy(() ->
            merged(
                contract("auth", "/users/{id}", "a", "{type: object}"),
                contract("workorder", "/users/{userId}/x", "b", "{type: object}"),
                contract("tracking", "/file.{ext}/y", "c", "{type: object}")))
        .isInstanceOf(InvalidContract.class)
        .hasMessageContaining("below /users a parameter is {id} elsewhere and {userId} here")
        .hasMessageContaining("no segment like 'file.{ext}'");
    assertThatThrownBy(() -> merged(contract("auth", "/ping", "a", "{type: object}")))
        .hasMessageContaining("keeps this path for itself");
  }

  @Test
  void a_reference_that_leads_nowhere_is_refused() {
    assertThatThrownBy(() -> model("{$ref: '#/components/schemas/Missing'}"))
        .hasMessageContaining("auth: #/components/schemas/Missing leads nowhere.");
  }

  @Test
  void an_operation_without_a_throttle_a_name_too_many_or_no_number_is_refused() {
    var contracts = List.of(contract("auth", "/a", "getA", "{type: object}"));
    var throttles =
        new Throttles(
            yaml(
                """
                otherwise: {rate: 0, burst: 1}
                key: {rate: 1}
                operations: {getB: {rate: 1, burst: 1}}
                withoutKey: {operations: [getC]}
                """));

    assertThatThrownBy(() -> GatewayApi.merged(contracts, throttles))
        .isInstanceOf(InvalidContract.class)
        .hasMessageContaining("auth: GET /a needs a line for getA.")
        .hasMessageContaining("there is no operation getB.")
        .hasMessageContaining("there is no operation getC.")
        .hasMessageContaining("otherwise takes")
        .hasMessageContaining("key takes");
  }

  @Test
  void what_terraform_would_take_for_its_own_is_escaped() {
    var text = TerraformText.of(yaml("a: 'costs ${price} or 5%{x} or $1'"));

    assertThat(text).isEqualTo("{\n  \"a\": \"costs $${price} or 5%%{x} or $1\"\n}\n");
    assertThat(TerraformText.filled(text, "x")).contains("costs ${price} or 5%{x} or $1");
  }

  /// What becomes of a schema that an answer has.
  private static JsonNode model(String schema) {
    // Read again, for a long one is not equal to an int.
    return yaml(
        merged(contract("auth", "/a", "getA", schema)).at("/components/schemas/Answer").toString());
  }

  private static ObjectNode merged(Contract... contracts) {
    return GatewayApi.merged(List.of(contracts), new Throttles(yaml(THROTTLES)));
  }

  /// One operation that answers with the schema `Answer`.
  private static Contract contract(String service, String path, String operationId, String schema) {
    var parameters =
        Operations.pathParameters(path).stream()
            .map(name ->
                "{name: %s, in: path, required: true, schema: {type: string}}".formatted(name))
            .toList();
    var root =
        (ObjectNode)
            yaml(
                """
                openapi: 3.1.0
                info: {title: A service, version: 1.0.0, license: {name: none}}
                paths:
                  %s:
                    get:
                      operationId: %s
                      summary: Gets it.
                      tags: [any]
                      parameters: %s
                      responses:
                        '200':
                          description: It.
                          content:
                            application/json:
                              schema: {$ref: '#/components/schemas/Answer'}
                components:
                  schemas:
                    Base: {type: object, required: [id], properties: {id: {type: string}}}
                """
                    .formatted(path, operationId, parameters));
    ((ObjectNode) root.at("/components/schemas")).set("Answer", yaml(schema));
    return new Contract(service, root);
  }

  private static JsonNode yaml(String text) {
    try {
      return new YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
