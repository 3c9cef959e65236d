package com.telconova.shared.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/// Texts, numbers and truth values exactly as JSON has them: `"1"` is no number and `1` no text.
/// Jackson's own readers throw at the first misfit; these tell [BodyFaults] and go on.
final class StrictScalars {
  private StrictScalars() {}

  static SimpleModule module() {
    return new SimpleModule("microflow-strict-scalars")
        .addDeserializer(String.class, new Scalar<>(String.class, StrictScalars::text))
        .addDeserializer(
            Integer.class,
            new Scalar<>(
                Integer.class,
                p ->
                    p.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && p.getNumberType() == JsonParser.NumberType.INT
                        ? p.getIntValue()
                        : null))
        .addDeserializer(
            Double.class,
            new Scalar<>(
                Double.class,
                p ->
                    p.currentToken().isNumeric() && Double.isFinite(p.getDoubleValue())
                        ? p.getDoubleValue()
                        : null))
        .addDeserializer(
            Boolean.class,
            new Scalar<>(
                Boolean.class, p -> p.currentToken().isBoolean() ? p.getBooleanValue() : null));
  }

  /// PostgreSQL cannot store U+0000, and half a surrogate pair is no character.
  private static String text(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return null;
    }
    String text = parser.getText();
    boolean storable =
        text.codePoints()
            .noneMatch(
                c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    return storable ? text : null;
  }

  private interface Read<T> {
    T read(JsonParser parser) throws IOException;
  }

  private static final class Scalar<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Read<T> read;

    Scalar(Class<T> type, Read<T> read) {
      super(type);
      this.read = read;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      T value = read.read(parser);
      return value != null
          ? value
          : (T) context.handleUnexpectedToken(getValueType(context), parser);
    }
  }
}
