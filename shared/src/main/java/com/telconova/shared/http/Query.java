package com.telconova.shared.http;

import com.telconova.shared.json.Rfc3339;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Fault;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.jetty.util.UrlEncoded;

/// The query parameters of a request. Readers return null when a parameter is not sent; [#check]
/// answers 400 with every fault, unknown parameters included.
public final class Query {
  private final Context ctx;
  private final List<Fault> faults = new ArrayList<>();

  private Query(Context ctx) {
    this.ctx = ctx;
  }

  /// @param known the parameters this route takes; any other is a fault
  public static Query of(Context ctx, String... known) {
    requireDecodable(ctx.queryString());
    Query query = new Query(ctx);
    Set<String> names = Set.of(known);
    ctx.queryParamMap()
        .forEach((name, values) -> {
          if (!names.contains(name)) {
            query.faults.add(
                new Fault(name, "is not a parameter here; known are " + String.join(", ", known)));
          } else if (values.size() > 1) {
            query.faults.add(new Fault(name, "takes one value"));
          }
        });
    return query;
  }

  public String text(String name, int max) {
    return read(
        name,
        "a text of 1 to " + max + " characters",
        text -> {
          if (text.isBlank() || text.length() > max || text.indexOf(0) >= 0) {
            throw new IllegalArgumentException();
          }
          return text;
        });
  }

  public <E extends Enum<E>> E oneOf(String name, Class<E> type) {
    return read(
        name,
        "one of " + Arrays.toString(type.getEnumConstants()).replaceAll("[\\[\\]]", ""),
        text -> Enum.valueOf(type, text));
  }

  public Boolean flag(String name) {
    return read(
        name,
        "true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              case String _ -> throw new IllegalArgumentException();
            });
  }

  public UUID uuid(String name) {
    return read(name, "a UUID", Requests::uuid);
  }

  public Instant time(String name) {
    return read(name, Rfc3339.EXPECTED, Rfc3339::parse);
  }

  /// Any other kind of value; `expected` says in words what `parse` understands.
  public <T> T value(String name, String expected, Function<String, T> parse) {
    return read(name, expected, parse);
  }

  /// The page asked for: `limit` from 1 to 100, default 20, and `cursor`.
  public Page.Request page() {
    Integer limit =
        read(
            "limit",
            "a whole number from 1 to " + Page.MAX_LIMIT,
            text -> {
              int number = Integer.parseInt(text);
              if (number < 1 || number > Page.MAX_LIMIT) {
                throw new IllegalArgumentException();
              }
              return number;
            });
    Page.Cursor cursor = read("cursor", "the nextCursor of a reply", Page.Cursor::decode);
    return new Page.Request(limit == null ? Page.DEFAULT_LIMIT : limit, cursor);
  }

  /// @throws Failure.BadRequest when anything was wrong
  public void check() {
    if (!faults.isEmpty()) {
      throw new Failure.BadRequest("A query parameter is wrong; see errors.", faults);
    }
  }

  /// Javalin drops a parameter it cannot decode, as if it had not been sent.
  private static void requireDecodable(String query) {
    try {
      if (query != null) {
        UrlEncoded.decodeTo(query, (_, _) -> {}, StandardCharsets.UTF_8);
      }
    } catch (RuntimeException e) {
      throw new Failure.BadRequest("The query is not percent-encoded UTF-8.");
    }
  }

  private <T> T read(String name, String expected, Function<String, T> parse) {
    String value = ctx.queryParam(name);
    if (value == null) {
      return null;
    }
    try {
      return parse.apply(value);
    } catch (RuntimeException e) {
      faults.add(new Fault(name, "takes " + expected));
      return null;
    }
  }
}
