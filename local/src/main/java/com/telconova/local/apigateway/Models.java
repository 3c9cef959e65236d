package com.telconova.local.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The schemas of all contracts under names of their own, as API Gateway takes models.
///
/// A model is read by people and by generators of clients; nothing is validated by it (see
/// [Operations]). So what API Gateway does not know may be left out, but never said otherwise:
/// wherever a keyword falls away, the model takes more than the schema.
final class Models {

  private static final String PREFIX = "#/components/schemas/";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  // What draft 4 knows and API Gateway does not exclude: pattern, enum, bounds, and no more.
  private static final List<String> KEPT =
      List.of(
          "description",
          "enum",
          "minimum",
          "maximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties");
  private static final Set<String> FORMATS =
      Set.of("date", "date-time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid");

  private final List<Contract> contracts;
  private final Set<String> differing;
  private final Map<String, ObjectNode> models = new TreeMap<>();

  /// @param contracts those whose references are asked for
  Models(List<Contract> contracts) {
    this.contracts = contracts;
    this.differing = differing();
  }

  /// Those that were asked for, and what they refer to, by name.
  ObjectNode all() {
    var all = NODES.objectNode();
    models.forEach(all::set);
    return all;
  }

  /// A reference to the model of a schema; it is made if it is not there yet.
  ///
  /// @param otherwise what a schema is called that is no reference
  ObjectNode reference(Contract contract, JsonNode schema, String otherwise) {
    if (isReference(schema)) {
      return to(named(contract, schema.get("$ref").asText()));
    }
    if (schema.path("type").asText().equals("string")) {
      // An answer's model must be an object or a reference.
      models.putIfAbsent("Text", NODES.objectNode().put("type", "string"));
      return to("Text");
    }
    var name = alphanumeric(otherwise);
    models.put(name, converted(contract, schema));
    return to(name);
  }

  /// A reference to what stands for any JSON object.
  ObjectNode anyObject() {
    models.putIfAbsent(
        "JsonObject",
        NODES
            .objectNode()
            .put("type", "object")
            .put("description", "Any JSON object; the service itself looks at what is in it."));
    return to("JsonObject");
  }

  /// A schema as it may stand at a parameter: without references.
  ObjectNode simple(Contract contract, JsonNode schema) {
    var plain = converted(contract, contract.resolve(schema));
    plain.remove("description");
    return plain;
  }

  /// The name under which a schema of a contract is a model.
  String name(Contract contract, JsonNode reference) {
    return named(contract, reference.get("$ref").asText());
  }

  private String named(Contract contract, String reference) {
    var last = reference.startsWith(PREFIX) ? reference.substring(PREFIX.length()) : reference;
    var name = alphanumeric(last.replace("#/components", ""));
    if (differing.contains(last)) {
      name = alphanumeric(contract.service()) + name;
    }
    if (!models.containsKey(name)) {
      // There before it is known: it may refer to itself.
      var model = NODES.objectNode();
      models.put(name, model);
      model.setAll(converted(contract, contract.resolve(reference(reference))));
    }
    return name;
  }

  private ObjectNode converted(Contract contract, JsonNode schema) {
    if (isReference(schema)) {
      return to(named(contract, schema.get("$ref").asText()));
    }
    var flat = flat(contract, schema);
    var model = NODES.objectNode();
    type(flat, model);
    KEPT.stream().filter(flat::has).forEach(keyword -> model.set(keyword, flat.get(keyword)));
    if (flat.has("const")) {
      model.putArray("enum").add(flat.get("const"));
    }
    if (FORMATS.contains(flat.path("format").asText())) {
      model.set("format", flat.get("format"));
    }
    bounds(flat, model);
    if (model.path("type").asText().equals("array")) {
      model.set("items", converted(contract, flat.path("items")));
    }
    if (flat.path("properties").isObject()) {
      var properties = model.putObject("properties");
      flat.get("properties")
          .properties()
          .forEach(property ->
              properties.set(property.getKey(), converted(contract, property.getValue())));
    }
    if (flat.path("required").isArray() && !flat.get("required").isEmpty()) {
      model.set("required", flat.get("required"));
    }
    return model;
  }

  private static void type(JsonNode schema, ObjectNode model) {
    var types = new ArrayList<String>();
    boolean nullable = schema.path("nullable").asBoolean();
    if (schema.path("type").isArray()) {
      for (var type : schema.get("type")) {
        types.add(type.asText());
      }
      nullable |= types.remove("null");
    } else if (schema.path("type").isTextual()) {
      types.add(schema.get("type").asText());
    } else if (schema.has("properties")) {
      types.add("object");
    }
    // Several cannot be said; saying none takes them all. Null alone is only an enum without
    // values.
    if (types.size() == 1) {
      model.put("type", types.getFirst());
      if (nullable) {
        model.put("nullable", true);
      }
    }
  }

  /// Exclusive bounds are unknown there. The next whole number is the same; else the bound itself
  /// is let in.
  private static void bounds(JsonNode schema, ObjectNode model) {
    boolean whole = model.path("type").asText().equals("integer");
    if (schema.path("exclusiveMinimum").isNumber()) {
      var bound = schema.get("exclusiveMinimum");
      model.set("minimum", whole ? NODES.numberNode(bound.longValue() + 1) : bound);
    } else if (schema.path("exclusiveMinimum").asBoolean() && whole) {
      model.put("minimum", schema.path("minimum").longValue() + 1);
    }
    if (schema.path("exclusiveMaximum").isNumber()) {
      var bound = schema.get("exclusiveMaximum");
      model.set("maximum", whole ? NODES.numberNode(bound.longValue() - 1) : bound);
    } else if (schema.path("exclusiveMaximum").asBoolean() && whole) {
      model.put("maximum", schema.path("maximum").longValue() - 1);
    }
  }

  /// Without allOf, anyOf and oneOf: what all parts of an allOf say together, what any branch of
  /// the others may have and all of them must.
  private JsonNode flat(Contract contract, JsonNode schema) {
    if (!schema.isObject()) {
      return NODES.objectNode();
    }
    var flat = ((ObjectNode) contract.resolve(schema)).deepCopy();
    var parts = flat.remove("allOf");
    if (parts != null) {
      var own = flat;
      flat = NODES.objectNode();
      for (var part : parts) {
        add(flat, flat(contract, part), true);
      }
      add(flat, own, true);
    }
    for (var keyword : List.of("anyOf", "oneOf")) {
      var branches = flat.remove(keyword);
      if (branches != null) {
        add(flat, either(contract, branches), true);
      }
    }
    return flat;
  }

  private JsonNode either(Contract contract, JsonNode branches) {
    var either = NODES.objectNode();
    boolean nullable = false;
    Set<JsonNode> required = null;
    Set<String> types = new LinkedHashSet<>();
    int count = 0;
    for (var branch : branches) {
      var flat = flat(contract, branch);
      if (flat.path("type").asText().equals("null")) {
        nullable = true;
        continue;
      }
      count++;
      var needs = new LinkedHashSet<JsonNode>();
      flat.path("required").forEach(needs::add);
      if (required == null) {
        required = needs;
      } else {
        required.retainAll(needs);
      }
      types.add(flat.path("type").asText());
      add(either, flat, false);
    }
    if (count > 1) {
      // What holds for one branch only must not hold for all.
      var properties = either.get("properties");
      either.removeAll();
      if (types.size() == 1 && !types.contains("")) {
        either.put("type", types.iterator().next());
      }
      if (properties != null) {
        either.set("properties", properties);
      }
    }
    if (required != null && !required.isEmpty()) {
      either.putArray("required").addAll(required);
    }
    if (nullable && either.path("type").isTextual()) {
      either.put("nullable", true);
    }
    return either;
  }

  private static void add(ObjectNode sum, JsonNode part, boolean withRequired) {
    part.properties()
        .forEach(entry -> {
          switch (entry.getKey()) {
            case "properties" -> {
              var properties =
                  sum.path("properties").isObject()
                      ? (ObjectNode) sum.get("properties")
                      : sum.putObject("properties");
              entry.getValue().properties().forEach(p -> properties.set(p.getKey(), p.getValue()));
            }
            case "required" -> {
              if (withRequired) {
                var names = new LinkedHashSet<JsonNode>();
                sum.path("required").forEach(names::add);
                entry.getValue().forEach(names::add);
                sum.putArray("required").addAll(names);
              }
            }
            default -> sum.set(entry.getKey(), entry.getValue());
          }
        });
  }

  /// The schemas that two contracts call alike and mean differently, and all that refer to them.
  private Set<String> differing() {
    var seen = new LinkedHashMap<String, JsonNode>();
    var differing = new LinkedHashSet<String>();
    for (var contract : contracts) {
      schemas(contract)
          .properties()
          .forEach(schema -> {
            var meaning = withoutExamples(schema.getValue());
            var former = seen.putIfAbsent(schema.getKey(), meaning);
            if (former != null && !former.equals(meaning)) {
              differing.add(schema.getKey());
            }
          });
    }
    boolean grown;
    do {
      grown = false;
      for (var contract : contracts) {
        for (var schema : schemas(contract).properties()) {
          boolean refers =
              schema.getValue().findValuesAsText("$ref").stream()
                  .anyMatch(ref -> differing.contains(ref.substring(ref.lastIndexOf('/') + 1)));
          grown |= refers && isShared(schema.getKey()) && differing.add(schema.getKey());
        }
      }
    } while (grown);
    return differing;
  }

  private static JsonNode withoutExamples(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    if (copy instanceof ObjectNode object) {
      object.remove(List.of("example", "examples"));
      for (var entry : object.properties()) {
        if (entry.getKey().equals("properties")) {
          // These are names of fields, whatever they are.
          var fields = NODES.objectNode();
          entry
              .getValue()
              .properties()
              .forEach(field -> fields.set(field.getKey(), withoutExamples(field.getValue())));
          entry.setValue(fields);
        } else {
          entry.setValue(withoutExamples(entry.getValue()));
        }
      }
    }
    return copy;
  }

  private boolean isShared(String name) {
    return contracts.stream().filter(contract -> schemas(contract).has(name)).count() > 1;
  }

  private static JsonNode schemas(Contract contract) {
    return contract.root().path("components").path("schemas");
  }

  private static boolean isReference(JsonNode schema) {
    // What stands beside it in 3.1 is a description or the like, which 3.0 would ignore anyway.
    return schema.path("$ref").isTextual()
        && schema
            .propertyStream()
            .allMatch(e ->
                Set.of("$ref", "description", "example", "examples", "title").contains(e.getKey()));
  }

  private static ObjectNode to(String name) {
    return reference(PREFIX + name);
  }

  private static ObjectNode reference(String reference) {
    return NODES.objectNode().put("$ref", reference);
  }

  /// Models' names may hold nothing else.
  private static String alphanumeric(String text) {
    var name = new StringBuilder();
    for (var word : text.split("[^A-Za-z0-9]+")) {
      if (!word.isEmpty()) {
        name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
      }
    }
    return name.toString();
  }
}
