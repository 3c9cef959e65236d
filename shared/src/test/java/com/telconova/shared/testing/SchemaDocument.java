package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A contract in YAML, and the JSON Schemas in it that values are held to.
///
/// Stricter than the contract's readers: a field that no schema names is a fault here, though the
/// contract lets readers skip it. The schemas are read as JSON Schema 2020-12; those of OpenAPI 3.0
/// are too, as long as they leave `nullable` and the boolean `exclusiveMinimum` alone. Thread-safe.
final class SchemaDocument {
  private static final String URI = "urn:microflow:document";

  /// What is around the schemas is no keyword to warn of.
  private static final Dialect DIALECT =
      Dialect.builder(Dialects.getDraft202012())
          .unknownKeywordFactory((name, _) -> new NonValidationKeyword(name))
          .build();

  private final JsonNode root;
  private final SchemaRegistry schemas;

  private SchemaDocument(JsonNode root) {
    this.root = root;
    JsonNode strict = root.deepCopy();
    close(strict);
    this.schemas =
        SchemaRegistry.withDefaultDialect(
            DIALECT, registry -> registry.schemas(Map.of(URI, strict.toString())));
  }

  static SchemaDocument load(Path file) {
    try {
      return new SchemaDocument(new YAMLMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode root() {
    return root;
  }

  /// The node itself, or what its `$ref` leads to.
  JsonNode resolve(JsonNode node) {
    JsonNode at = node;
    while (at.path("$ref").isTextual()) {
      at = root.at(at.get("$ref").asText().substring(1));
    }
    return at;
  }

  /// The same pointer, or where the `$ref` that it leads to leads.
  String pointer(String pointer) {
    JsonNode ref = root.at(pointer).path("$ref");
    return ref.isTextual() ? pointer(ref.asText().substring(1)) : pointer;
  }

  /// What is wrong with a value; empty when all is well.
  ///
  /// @param pointer to the schema, a JSON Pointer
  List<String> faults(String pointer, JsonNode value) {
    Schema schema = schemas.getSchema(SchemaLocation.of(URI + "#" + pointer));
    List<Error> errors =
        schema.validate(
            value, execution -> execution.executionConfig(c -> c.formatAssertionsEnabled(true)));
    // A value that is wrong counts as not looked at, and so do all around it: say the first only.
    boolean wrong = errors.stream().anyMatch(error -> !isUndocumented(error));
    return errors.stream()
        .filter(error -> !wrong || !isUndocumented(error))
        .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
        .toList();
  }

  private static boolean isUndocumented(Error error) {
    return error.getKeyword().equals("unevaluatedProperties");
  }

  /// A step of a JSON Pointer.
  static String step(String name) {
    return "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /// Lets every schema that a property, an item or a media type has refuse what it does not name.
  /// Not those under `allOf`, each of which knows a part only.
  private static void close(JsonNode node) {
    node.properties()
        .forEach(field -> {
          JsonNode child = field.getValue();
          if (field.getKey().equals("properties")) {
            child.forEach(SchemaDocument::refuseOthers);
          } else if (field.getKey().equals("items") || field.getKey().equals("schema")) {
            refuseOthers(child);
          }
        });
    node.forEach(SchemaDocument::close);
  }

  private static void refuseOthers(JsonNode schema) {
    boolean namesFields = schema.has("$ref") || schema.has("properties") || schema.has("allOf");
    if (namesFields && !schema.has("additionalProperties")) {
      ((ObjectNode) schema).put("unevaluatedProperties", false);
    }
  }
}
