package com.telconova.shared.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/// The two Jackson mappers of the house. Both are immutable and thread-safe.
public final class Mappers {
  /// How deep a document may nest.
  public static final int MAX_DEPTH = 50;

  /// For what we write and for what our own services write: unknown fields are skipped, so that a
  /// producer may add some.
  public static final JsonMapper TOLERANT =
      builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /// For request bodies: nothing is guessed, and [BodyFaults] hears of everything that does not
  /// fit.
  public static final JsonMapper STRICT =
      builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .addHandler(new BodyFaults())
          .addModule(new StrictScalars())
          .build();

  private Mappers() {}

  private static JsonMapper.Builder builder() {
    JsonFactory factory =
        JsonFactory.builder()
            // The default keeps buffers by thread: for virtual threads, new ones for each request.
            .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    return JsonMapper.builder(factory)
        .addModule(new JavaTimeModule())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(
                JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL));
  }
}
