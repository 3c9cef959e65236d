package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Bodies that break one rule of a schema each, and bodies that just do not, made from one that
/// breaks none.
final class Misfits {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String UUID = "01920000-0000-7000-8000-0000000000aa";

  private final ApiContract contract;

  Misfits(ApiContract contract) {
    this.contract = contract;
  }

  /// @param pointer to the value that does not fit, or would have to be there
  /// @param rule which rule is broken
  record Misfit(String pointer, String rule, JsonNode body) {}

  /// Every rule of every field, at any depth.
  List<Misfit> of(JsonNode schema, JsonNode example) {
    List<Misfit> misfits = new ArrayList<>();
    collect(schema, example, "", example, misfits);
    return misfits;
  }

  /// The first and the last value of every range of a field that the example has.
  List<Misfit> atTheLimit(JsonNode schema, JsonNode example) {
    List<Misfit> fitting = new ArrayList<>();
    example
        .properties()
        .forEach(field -> {
          JsonNode property = contract.resolve(schema.at("/properties/" + field.getKey()));
          String pointer = "/" + field.getKey();
          for (JsonNode value : limits(property)) {
            fitting.add(new Misfit(pointer, "limit", with(example, pointer, value)));
          }
        });
    return fitting;
  }

  private static List<JsonNode> limits(JsonNode schema) {
    List<JsonNode> limits = new ArrayList<>();
    boolean free = !schema.has("pattern") && !schema.has("format") && !schema.has("enum");
    for (String bound : free ? List.of("minLength", "maxLength") : List.<String>of()) {
      if (schema.has(bound)) {
        int length = schema.get(bound).asInt();
        // Of one Java char and of two, of one byte and of four: only characters count.
        int[] characters = "Z𝄞añ7🦄q€".repeat(length / 8 + 1).codePoints().limit(length).toArray();
        limits.add(JSON.textNode(new String(characters, 0, length)));
      }
    }
    for (String bound : List.of("minimum", "maximum")) {
      if (schema.has(bound)) {
        limits.add(schema.get(bound));
      }
    }
    return limits;
  }

  /// A value that a schema allows.
  JsonNode sample(JsonNode reference) {
    JsonNode schema = contract.resolve(reference);
    if (schema.has("example")) {
      return schema.get("example");
    } else if (schema.has("enum")) {
      return schema.get("enum").get(0);
    }
    return switch (schema.path("type").asText()) {
      case "string" -> JSON.textNode(text(schema));
      case "integer" -> JSON.numberNode(schema.path("minimum").asInt(1));
      case "number" -> JSON.numberNode(schema.path("minimum").asDouble(1));
      case "boolean" -> JSON.booleanNode(true);
      case "array" -> JSON.arrayNode().add(sample(schema.get("items")));
      default -> {
        ObjectNode object = JSON.objectNode();
        schema
            .path("properties")
            .properties()
            .forEach(field -> object.set(field.getKey(), sample(field.getValue())));
        yield object;
      }
    };
  }

  private void collect(
      JsonNode objectSchema, JsonNode object, String at, JsonNode body, List<Misfit> misfits) {
    for (JsonNode required : objectSchema.path("required")) {
      ObjectNode without = (ObjectNode) body.deepCopy();
      ((ObjectNode) without.at(at)).remove(required.asText());
      misfits.add(new Misfit(at + "/" + required.asText(), "required", without));
    }
    objectSchema
        .path("properties")
        .properties()
        .forEach(field -> {
          JsonNode schema = contract.resolve(field.getValue());
          String pointer = at + "/" + field.getKey();
          for (Wrong wrong : wrong(schema)) {
            misfits.add(new Misfit(pointer, wrong.rule(), with(body, pointer, wrong.value())));
          }
          JsonNode value = object.has(field.getKey()) ? object.get(field.getKey()) : sample(schema);
          JsonNode whole = with(body, pointer, value);
          if (schema.has("properties")) {
            collect(schema, value, pointer, whole, misfits);
          } else if (schema.path("items").isObject()) {
            collectItems(schema, pointer, whole, misfits);
          }
        });
  }

  private void collectItems(JsonNode array, String at, JsonNode body, List<Misfit> misfits) {
    JsonNode items = contract.resolve(array.get("items"));
    JsonNode whole = with(body, at, JSON.arrayNode().add(sample(items)));
    for (Wrong wrong : wrong(items)) {
      misfits.add(new Misfit(at + "/0", wrong.rule(), with(whole, at + "/0", wrong.value())));
    }
    if (items.has("properties")) {
      collect(items, whole.at(at + "/0"), at + "/0", whole, misfits);
    }
  }

  private record Wrong(String rule, JsonNode value) {}

  private List<Wrong> wrong(JsonNode schema) {
    List<Wrong> wrong = new ArrayList<>();
    switch (schema.path("type").asText()) {
      case "string" -> {
        wrong.add(new Wrong("type", JSON.numberNode(7)));
        if (schema.has("enum") || schema.has("format") || schema.has("pattern")) {
          wrong.add(new Wrong("value", JSON.textNode("no such § value")));
        }
        if (schema.has("maxLength")) {
          wrong.add(new Wrong("maxLength", text(schema.get("maxLength").asInt() + 1)));
        }
        if (schema.path("minLength").asInt() > 0) {
          wrong.add(new Wrong("minLength", text(schema.get("minLength").asInt() - 1)));
        }
      }
      case "integer", "number" -> {
        boolean whole = schema.get("type").asText().equals("integer");
        wrong.add(new Wrong("type", JSON.textNode("1")));
        if (whole) {
          wrong.add(new Wrong("whole", JSON.numberNode(1.5)));
        }
        if (schema.has("minimum")) {
          wrong.add(new Wrong("minimum", JSON.numberNode(schema.get("minimum").asLong() - 1)));
        }
        if (schema.has("maximum")) {
          wrong.add(new Wrong("maximum", JSON.numberNode(schema.get("maximum").asLong() + 1)));
        }
      }
      case "boolean" -> wrong.add(new Wrong("type", JSON.textNode("true")));
      case "array" -> {
        wrong.add(new Wrong("type", JSON.objectNode()));
        if (schema.has("maxItems")) {
          ArrayNode many = JSON.arrayNode();
          for (int i = 0; i <= schema.get("maxItems").asInt(); i++) {
            many.add(sample(schema.get("items")));
          }
          wrong.add(new Wrong("maxItems", many));
        }
      }
      default -> wrong.add(new Wrong("type", JSON.textNode("an object?")));
    }
    return wrong;
  }

  private static JsonNode with(JsonNode body, String pointer, JsonNode value) {
    JsonNode copy = body.deepCopy();
    int last = pointer.lastIndexOf('/');
    JsonNode parent = copy.at(pointer.substring(0, last));
    String name = pointer.substring(last + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), value);
    } else {
      ((ObjectNode) parent).set(name, value);
    }
    return copy;
  }

  private static String text(JsonNode schema) {
    return switch (schema.path("format").asText()) {
      case "uuid" -> UUID;
      case "date-time" -> "2026-03-02T13:00:00Z";
      case "email" -> "somebody@example.com";
      default -> "x".repeat(Math.max(1, schema.path("minLength").asInt()));
    };
  }

  private static JsonNode text(int length) {
    return JSON.textNode("x".repeat(length));
  }
}
