package com.telconova.shared.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;

/// Request bodies in, response bodies out.
public final class Json {
  /// The largest JSON body taken: 256 KiB.
  public static final int MAX_BYTES = 256 * 1024;

  private static final String BYTES = "microflow.body";

  private Json() {}

  /// Reads and checks the body of a request.
  ///
  /// @throws Failure.UnsupportedMediaType unless the content type is JSON
  /// @throws Failure.TooLarge beyond [#MAX_BYTES]
  /// @throws Failure.BadRequest when it is not JSON, is empty, nests deeper than
  ///   [Mappers#MAX_DEPTH] or has unknown fields
  /// @throws Failure.Invalid naming every value of the wrong type and every broken rule
  public static <T extends Body> T read(Context ctx, Class<T> type) {
    requireJson(ctx.contentType(), ctx.header("Content-Encoding"));
    return parse(bytes(ctx), type);
  }

  /// As [#read], for bytes that are already here.
  public static <T extends Body> T parse(byte[] bytes, Class<T> type) {
    BodyFaults.Found found = BodyFaults.Found.none();
    T body;
    try {
      requireWellFormedObject(bytes, found);
      body =
          Mappers.STRICT
              .readerFor(type)
              .withAttribute(BodyFaults.Found.ATTRIBUTE, found)
              .readValue(bytes);
    } catch (JsonMappingException e) {
      found.faults().add(pointer(e), rule(e));
      throw new Failure.Invalid(found.faults().list());
    } catch (StreamConstraintsException e) {
      throw new Failure.BadRequest(
          "The body nests deeper than %d levels, or a name or number in it is absurdly long."
              .formatted(Mappers.MAX_DEPTH));
    } catch (JsonProcessingException e) {
      throw new Failure.BadRequest(
          "The body is not well-formed JSON near line %d, column %d."
              .formatted(line(e), column(e)));
    } catch (IOException e) {
      throw new Failure.BadRequest("The body is not JSON in UTF-8.");
    }
    if (!found.unknown().isEmpty()) {
      throw new Failure.BadRequest(
          "The body has fields that this request does not take; see errors.",
          found.unknown().list());
    }
    body.check(found.faults());
    found.faults().check();
    return body;
  }

  /// Looks at the whole document before any of it is understood: a body is either malformed (400)
  /// or has faults (422), never one or the other depending on what comes first. Also finds nulls in
  /// arrays, of which Jackson does not tell.
  private static void requireWellFormedObject(byte[] bytes, BodyFaults.Found found)
      throws IOException {
    try (JsonParser parser = Mappers.STRICT.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Failure.BadRequest("Send a JSON object as the body of this request.");
      }
      do {
        boolean nullInArray =
            parser.nextToken() == JsonToken.VALUE_NULL && parser.getParsingContext().inArray();
        if (nullInArray) {
          found.faults().add(BodyFaults.pointer(parser), "takes no null");
        }
      } while (!parser.getParsingContext().inRoot());
      if (parser.nextToken() != null) {
        throw new Failure.BadRequest("The body goes on after its JSON object.");
      }
    }
  }

  private static void requireJson(String contentType, String contentEncoding) {
    String media =
        contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals("application/json")) {
      throw new Failure.UnsupportedMediaType(
          "Send the body as application/json; this one says '" + media + "'.");
    }
    if (contentEncoding != null && !contentEncoding.strip().equalsIgnoreCase("identity")) {
      throw new Failure.UnsupportedMediaType("Send the body as it is, not compressed.");
    }
  }

  /// The body of a request as it came; read once and kept for whoever asks again.
  ///
  /// @throws Failure.TooLarge beyond [#MAX_BYTES]
  public static byte[] bytes(Context ctx) {
    byte[] known = ctx.attribute(BYTES);
    if (known != null) {
      return known;
    }
    if (ctx.req().getContentLengthLong() > MAX_BYTES) {
      throw tooLarge();
    }
    byte[] bytes;
    try {
      bytes = ctx.bodyInputStream().readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw Failure.ofBody(e);
    }
    if (bytes.length > MAX_BYTES) {
      throw tooLarge();
    }
    ctx.attribute(BYTES, bytes);
    return bytes;
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

  /// Of what no [StrictScalars] reads: a list where an object is wanted, a record that refuses.
  private static String rule(JsonMappingException e) {
    return e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
        ? "takes " + BodyFaults.describe(mismatch.getTargetType())
        : "cannot be taken as it is";
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
  }

  private static int column(JsonProcessingException e) {
    return e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
  }
}
