package com.telconova.shared.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;

/// Texts, numbers, truth values, enums, ids and times exactly as JSON and we have them: `"1"` is no
/// number, `1` no text and no time, `"P1 "` no priority. Jackson's own readers guess, or throw at
/// the first misfit; these tell [BodyFaults] and go on.
final class StrictScalars extends SimpleModule {
  private static final long serialVersionUID = 1L;

  StrictScalars() {
    super("microflow-strict-scalars");
    read(String.class, text(text -> text));
    read(Integer.class, whole(NumberType.INT, JsonParser::getIntValue));
    read(Long.class, whole(NumberType.LONG, JsonParser::getLongValue));
    read(Double.class, StrictScalars::number);
    read(Boolean.class, p -> p.currentToken().isBoolean() ? p.getBooleanValue() : null);
    read(UUID.class, text(StrictScalars::uuid));
    read(Instant.class, text(Rfc3339::parse));
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializers(
        new Deserializers.Base() {
          @Override
          public JsonDeserializer<?> findEnumDeserializer(
              Class<?> type, DeserializationConfig config, BeanDescription description) {
            return new Scalar<Object>(type, text(name -> constant(type, name)));
          }
        });
  }

  private <T> void read(Class<T> type, Read<T> read) {
    addDeserializer(type, new Scalar<>(type, read));
  }

  /// What `parse` makes of a text. PostgreSQL cannot store U+0000, and half a surrogate pair is no
  /// character.
  private static <T> Read<T> text(Function<String, T> parse) {
    return parser -> {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        return null;
      }
      String text = parser.getText();
      boolean storable =
          text.codePoints()
              .noneMatch(
                  c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
      return storable ? parse.apply(text) : null;
    };
  }

  private static <T> Read<T> whole(NumberType largest, Read<T> read) {
    return parser ->
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType().compareTo(largest) <= 0
            ? read.from(parser)
            : null;
  }

  private static Double number(JsonParser parser) throws IOException {
    return parser.currentToken().isNumeric() && Double.isFinite(parser.getDoubleValue())
        ? parser.getDoubleValue()
        : null;
  }

  /// All five groups in full length: Java also reads `1-1-1-1-1`.
  private static UUID uuid(String text) {
    UUID uuid = UUID.fromString(text);
    return uuid.toString().equalsIgnoreCase(text) ? uuid : null;
  }

  private static Object constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /// Reads the parser's current value; null, or an exception for a bad argument, when it does not
  /// fit.
  private interface Read<T> {
    T from(JsonParser parser) throws IOException;
  }

  private static final class Scalar<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Read<? extends T> read;

    Scalar(Class<?> type, Read<? extends T> read) {
      super(type);
      this.read = read;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      T value = valueOrNull(parser);
      return value != null
          ? value
          : (T) context.handleUnexpectedToken(getValueType(context), parser);
    }

    private T valueOrNull(JsonParser parser) throws IOException {
      try {
        return read.from(parser);
      } catch (IllegalArgumentException | DateTimeException e) {
        return null;
      }
    }
  }
}
