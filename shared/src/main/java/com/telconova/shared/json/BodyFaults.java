package com.telconova.shared.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.telconova.shared.problem.Faults;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;

/// Hears of every value that does not fit its field and lets reading go on, so that one answer can
/// name all of them. A value that does not fit is read as null.
final class BodyFaults extends DeserializationProblemHandler {
  /// What one reading found.
  ///
  /// @param unknown fields that no request of this kind has
  /// @param faults values of the wrong type
  record Found(Faults unknown, Faults faults) {
    static final String ATTRIBUTE = "microflow.found";

    static Found none() {
      return new Found(new Faults(), new Faults());
    }

    static Found of(DeserializationContext context) {
      return (Found) context.getAttribute(ATTRIBUTE);
    }
  }

  @Override
  public boolean handleUnknownProperty(
      DeserializationContext context,
      JsonParser parser,
      JsonDeserializer<?> deserializer,
      Object beanOrClass,
      String name)
      throws IOException {
    Found.of(context).unknown().add(pointer(parser), "is not a field of this request; take it out");
    parser.skipChildren();
    return true;
  }

  @Override
  public Object handleWeirdStringValue(
      DeserializationContext context, Class<?> target, String value, String message) {
    return note(context, target);
  }

  @Override
  public Object handleWeirdNumberValue(
      DeserializationContext context, Class<?> target, Number value, String message) {
    return note(context, target);
  }

  @Override
  public Object handleUnexpectedToken(
      DeserializationContext context,
      JavaType target,
      JsonToken token,
      JsonParser parser,
      String message)
      throws IOException {
    note(context, target.getRawClass());
    parser.skipChildren();
    return null;
  }

  /// A text or a number where a record is wanted.
  @Override
  public Object handleMissingInstantiator(
      DeserializationContext context,
      Class<?> target,
      ValueInstantiator instantiator,
      JsonParser parser,
      String message) {
    return note(context, target);
  }

  private static Object note(DeserializationContext context, Class<?> target) {
    Found.of(context).faults().add(pointer(context.getParser()), "takes " + describe(target));
    return null;
  }

  static String pointer(JsonParser parser) {
    return parser.getParsingContext().pathAsPointer().toString();
  }

  /// What a field of this type takes, in words for the one who sends it.
  static String describe(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(Object::toString)
              .collect(Collectors.joining(", "));
    } else if (type == String.class) {
      return "a text without NUL characters";
    } else if (type == UUID.class) {
      return "a UUID";
    } else if (type == Instant.class || Temporal.class.isAssignableFrom(type)) {
      return Rfc3339.EXPECTED;
    } else if (type == Integer.class || type == Long.class) {
      return "a whole number";
    } else if (Number.class.isAssignableFrom(type)) {
      return "a number";
    } else if (type == Boolean.class) {
      return "true or false";
    } else if (Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    return "an object";
  }
}
