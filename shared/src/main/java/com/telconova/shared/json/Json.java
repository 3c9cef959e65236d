package com.telconova.shared.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Request bodies in, response bodies out.
public final class Json {
  /// The largest JSON body taken: 256 KiB.
  public static final int MAX_BYTES = 256 * 1024;

  private Json() {}

  /// Reads and checks the body of a request.
  ///
  /// @throws Failure.UnsupportedMediaType unless the content type is JSON
  /// @throws Failure.TooLarge beyond [#MAX_BYTES]
  /// @throws Failure.BadRequest when it is not JSON, is empty, nests deeper than
  ///   [Mappers#MAX_DEPTH] or has unknown fields
  /// @throws Failure.Invalid naming every value of the wrong type and every broken rule
  public static <T extends Body> T read(Context ctx, Class<T> type) {
    requireJson(ctx.contentType());
    return parse(bytes(ctx), type);
  }

  /// As [#read], for bytes that are already here.
  public static <T extends Body> T parse(byte[] bytes, Class<T> type) {
    BodyFaults.Found found = BodyFaults.Found.none();
    T body;
    try {
      body =
          Mappers.STRICT
              .readerFor(type)
              .withAttribute(BodyFaults.Found.ATTRIBUTE, found)
              .readValue(bytes);
    } catch (MismatchedInputException e) {
      if (e.getPath().isEmpty()) {
        throw new Failure.BadRequest("Send a JSON object as the body of this request.");
      }
      found.faults().add(pointer(e), "takes " + BodyFaults.describe(e.getTargetType()));
      throw new Failure.Invalid(found.faults().list());
    } catch (JsonProcessingException e) {
      throw new Failure.BadRequest(
          "The body is not well-formed JSON near line %d, column %d."
              .formatted(line(e), column(e)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!found.unknown().isEmpty()) {
      throw new Failure.BadRequest(
          "The body has fields that this request does not take; see errors.", found.unknown());
    }
    if (body == null) {
      found.faults().check();
      throw new Failure.BadRequest("Send a JSON object as the body of this request.");
    }
    body.check(found.faults());
    found.faults().check();
    return body;
  }

  private static void requireJson(String contentType) {
    String media = contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase();
    if (!media.equals("application/json")) {
      throw new Failure.UnsupportedMediaType(
          "Send the body as application/json; this one says '" + media + "'.");
    }
  }

  private static byte[] bytes(Context ctx) {
    if (ctx.req().getContentLengthLong() > MAX_BYTES) {
      throw tooLarge();
    }
    try {
      byte[] bytes = ctx.bodyInputStream().readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw tooLarge();
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Failure.TooLarge tooLarge() {
    return new Failure.TooLarge("A JSON body takes up to " + MAX_BYTES / 1024 + " KiB.");
  }

  private static String pointer(JsonMappingException e) {
    StringBuilder pointer = new StringBuilder();
    e.getPath()
        .forEach(step ->
            pointer
                .append('/')
                .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName()));
    return pointer.toString();
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
  }

  private static int column(JsonProcessingException e) {
    return e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
  }
}
