package com.telconova.shared.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import io.javalin.json.JsonMapper;
import java.lang.reflect.Type;

/// Lets `ctx.json(…)` write as the house does. Bodies are read by `Json.read`, never through this.
final class ResponseJson implements JsonMapper {
  @Override
  public String toJsonString(Object value, Type type) {
    try {
      return Mappers.TOLERANT.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A response could not be written as JSON", e);
    }
  }
}
