package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What nobody should send and somebody will. The same seed makes the same noise.
final class Noise {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\t\r\n",
          "x",
          "null",
          "true",
          "NaN",
          "-1",
          "0",
          "1e9",
          "'; drop table work_order; --",
          "%' or '1'='1",
          "%_\\%",
          "<script>alert(1)</script>",
          "${jndi:ldap://127.0.0.1/a}",
          "{{7*7}}",
          "../../../../etc/passwd",
          "a\r\nX-Injected: yes",
          "ñandú",
          "𝄞🦄👩‍👩‍👧‍👦",
          "\u202Eright to left\u202C",
          "Z\u0351\u036B\u0343a\u0313\u0319l\u0334\u033Fg\u0489o\u0321",
          "\uFEFF\uFFFE\uFFFF\u2028\u2029\u0085\u007F",
          "ﷺ".repeat(40),
          "00000000-0000-0000-0000-000000000000",
          "01920000-0000-7000-8000-0000000000aa",
          "1-1-1-1-1",
          "2026-03-02T13:00:00Z",
          "2026-03-02T13:00:00+14:00",
          "2026-02-30T13:00:00Z",
          "2026-03-02T24:00:00Z",
          "2026-12-31T23:59:60Z",
          "0000-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999999-18:00",
          "+999999999-12-31T23:59:59Z",
          "P1",
          "WO-2026-000001",
          "ana@example.com",
          "+573001234567");

  /// JSON that a tree cannot hold.
  private static final List<String> RAW =
      List.of(
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "1e400",
          "-1e400",
          "1e-400",
          "-0",
          "-0.0",
          "9007199254740993",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "123456789012345678901234567890123456789012345678901234567890",
          "0.1000000000000000055511151231257827021181583404541015625",
          "1.0",
          "5.0e0",
          "null",
          "[null]",
          "[[]]",
          "{\"\":\"\"}",
          "{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}");

  private static final List<String> DOCUMENTS =
      List.of(
          "",
          " ",
          "null",
          "true",
          "0",
          "\"text\"",
          "[]",
          "[{}]",
          "{}",
          "{",
          "}",
          "{\"a\"",
          "{\"a\":",
          "{\"a\":1,}",
          "{'a':1}",
          "{a:1}",
          "{\"a\":1}{\"a\":1}",
          "{\"a\":1} x",
          "// {}",
          "{\"a\":NaN}",
          "{\"a\":01}",
          "{\"a\":\"\n\"}",
          "{\"a\":\"\\x\"}",
          "{\"title\":\"a\",\"title\":\"b\"}",
          "{\"__proto__\":{\"admin\":true}}",
          "{\"@class\":\"java.lang.Runtime\"}",
          "<xml/>",
          "a=1&b=2");

  private final Random random;
  private final ApiContract contract;
  private final Misfits misfits;

  Noise(Random random, ApiContract contract) {
    this.random = random;
    this.contract = contract;
    this.misfits = new Misfits(contract);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  String text() {
    return switch (random.nextInt(20)) {
      case 0 -> "x".repeat(1 + random.nextInt(500));
      case 1 -> "𝄞".repeat(1 + random.nextInt(5_000));
      case 2 -> randomText(1 + random.nextInt(60));
      default -> oneOf(TEXTS);
    };
  }

  /// Any JSON value, but an ordinary one.
  JsonNode value() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> JSON.textNode(text());
      case 3, 4 -> JSON.rawValueNode(new RawValue(oneOf(RAW)));
      case 5 -> JSON.numberNode(random.nextInt());
      case 6 -> JSON.booleanNode(random.nextBoolean());
      default ->
          random.nextBoolean() ? JSON.arrayNode().add(text()) : JSON.objectNode().put("a", 1);
    };
  }

  /// Something a schema allows, as far as it says so.
  JsonNode fitting(JsonNode reference) {
    JsonNode schema = contract.resolve(reference);
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
    }
    if (schema.has("properties")) {
      ObjectNode object = JSON.objectNode();
      List<String> required = new ArrayList<>();
      schema.path("required").forEach(name -> required.add(name.asText()));
      schema
          .get("properties")
          .properties()
          .forEach(field -> {
            if (required.contains(field.getKey()) || chance(0.5)) {
              object.set(field.getKey(), fitting(field.getValue()));
            }
          });
      return object;
    }
    return switch (schema.path("type").asText()) {
      case "array" -> {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(fitting(schema.get("items")));
        }
        yield array;
      }
      case "integer" ->
          JSON.numberNode(
              schema.path("minimum").asInt(0)
                  + random.nextInt(
                      schema.path("maximum").asInt(100) - schema.path("minimum").asInt(0) + 1));
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      default -> {
        JsonNode sample = misfits.sample(schema);
        boolean address = sample.asText().contains("@");
        yield address ? JSON.textNode(random.nextInt(10_000) + sample.asText()) : sample;
      }
    };
  }

  /// A body for an operation that takes JSON: as it should be, a little off, or off altogether.
  byte[] body(Operation operation) {
    ObjectNode body =
        chance(0.5)
            ? operation.bodyExample().deepCopy()
            : (ObjectNode) fitting(operation.bodySchema());
    switch (random.nextInt(12)) {
      case 0, 1 -> {}
      case 2, 3, 4, 5 -> change(body);
      case 6 -> {
        change(body);
        change(body);
        change(body);
      }
      case 7 -> remove(body);
      case 8 -> body.set(text(), value());
      case 9 -> {
        return structure(body);
      }
      case 10 -> {
        return bytes(body.toString());
      }
      default -> {
        return oneOf(DOCUMENTS).getBytes(StandardCharsets.UTF_8);
      }
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// A form with a piece of it repeated, replaced or left out, or as it should be.
  byte[] form(String form) {
    int from = random.nextInt(form.length());
    int to = from + random.nextInt(form.length() - from);
    String piece = form.substring(from, to);
    String changed =
        switch (random.nextInt(6)) {
          case 0 -> form;
          case 1 -> form.substring(0, from) + form.substring(to);
          case 2 -> form.substring(0, to) + piece + form.substring(to);
          case 3 -> form.substring(0, from) + text() + form.substring(to);
          case 4 -> form.substring(0, from);
          default -> form.replace("an example", oneOf(List.of("", "\0", "%PDF-1.7\n", text())));
        };
    return chance(0.1) ? bytes(changed + " ") : changed.getBytes(StandardCharsets.UTF_8);
  }

  /// Puts something else where a value, at any depth, was.
  private void change(ObjectNode object) {
    if (object.isEmpty()) {
      return;
    }
    String name = oneOf(names(object));
    JsonNode child = object.get(name);
    if (child instanceof ObjectNode inner && !inner.isEmpty() && chance(0.7)) {
      change(inner);
    } else if (child instanceof ArrayNode array && !array.isEmpty() && chance(0.7)) {
      if (array.get(0) instanceof ObjectNode inner) {
        change(inner);
      } else {
        array.set(0, value());
      }
    } else {
      object.set(name, value());
    }
  }

  private void remove(ObjectNode object) {
    for (String name : names(object)) {
      if (chance(0.3)) {
        object.remove(name);
      }
    }
  }

  /// Too deep, too large, too many.
  private byte[] structure(ObjectNode body) {
    String text =
        switch (random.nextInt(4)) {
          case 0 -> "{\"a\":".repeat(45 + random.nextInt(4_000));
          case 1 -> {
            int depth = 45 + random.nextInt(10);
            yield "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
          }
          case 2 -> "{\"" + "k".repeat(60_000) + "\":" + "[".repeat(40) + "]".repeat(40) + "}";
          default -> {
            body.put("title", "x".repeat(chance(0.2) ? 300_000 : 20_000));
            yield body.toString();
          }
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The same document in bytes that are not UTF-8, or not whole.
  private byte[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(5)) {
      case 0 -> text.getBytes(StandardCharsets.UTF_16);
      case 1 -> text.getBytes(StandardCharsets.UTF_16LE);
      case 2 -> ("\uFEFF" + text).getBytes(StandardCharsets.UTF_8);
      case 3 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      default -> {
        bytes[random.nextInt(bytes.length)] = (byte) (0x80 + random.nextInt(0x80));
        yield bytes;
      }
    };
  }

  private String randomText(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int character = random.nextInt(0x11_0000);
      boolean surrogate = character >= 0xD800 && character <= 0xDFFF;
      text.appendCodePoint(surrogate ? '?' : character);
    }
    return text.toString();
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
