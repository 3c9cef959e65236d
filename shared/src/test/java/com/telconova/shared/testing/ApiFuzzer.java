package com.telconova.shared.testing;

import com.telconova.shared.testing.Operation.Parameter;
import com.telconova.shared.token.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/// Sends a service requests made from its contract: right, nearly right, and anything but. Whatever
/// comes back must be documented, must not be our fault, and must say what was wrong. The same seed
/// makes the same requests.
public final class ApiFuzzer {
  /// How many requests a build sends to each service; `-Dmicroflow.fuzz=20000` for the full count.
  public static final int REQUESTS = Integer.getInteger("microflow.fuzz", 500);

  /// Which requests: `-Dmicroflow.fuzz.seed=1` for others.
  public static final long SEED = Long.getLong("microflow.fuzz.seed", 20_261_123);

  private static final int MAX_FAULTS = 20;
  private static final int SHOWN = 600;
  private static final List<Role> ROLES =
      List.of(Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMIN, Role.SERVICE);
  private static final List<String> TYPES =
      List.of(
          "application/json; charset=utf-8",
          "application/json;charset=utf-16",
          "APPLICATION/JSON",
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "nonsense",
          "*/*");

  private final ApiContract contract;
  private final Api api;
  private final Function<Role, String> tokens;
  private final List<String> ids;
  private final Noise noise;
  private final Explanations explanations;
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  /// @param api not held to the contract itself: a fault must not stop the others
  /// @param tokens an access token of somebody in this role
  /// @param ids of things that there are
  public ApiFuzzer(ApiContract contract, Api api, Function<Role, String> tokens, List<String> ids) {
    this.contract = contract;
    this.api = api;
    this.tokens = tokens;
    this.ids = List.copyOf(ids);
    this.explanations = new Explanations(contract);
    this.noise = new Noise(new Random(SEED), contract);
  }

  /// Sends so many requests, one after another.
  ///
  /// @return how many answers had which status, for people
  /// @throws AssertionError with the first requests that were answered wrongly, if any were
  public String run(int requests) {
    for (int i = 0; i < requests && faults.size() < MAX_FAULTS; i++) {
      send(i, noise.oneOf(contract.operations()));
    }
    if (!faults.isEmpty()) {
      throw new AssertionError("wrong answers:\n" + String.join("\n", faults));
    }
    return "%d requests of seed %d, 0 answers with 5xx, 0 undocumented; by status %s"
        .formatted(requests, SEED, statuses);
  }

  private void send(int number, Operation operation) {
    String method =
        noise.chance(0.02)
            ? noise.oneOf(List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"))
            : operation.method();
    String path = path(operation);
    String query = query(operation);
    byte[] body = body(operation);
    List<String> headers = headers(operation);
    Api.Answer answer =
        api.sendBytes(method, path + query, token(operation), body, headers.toArray(String[]::new));
    statuses.merge(answer.status(), 1, Integer::sum);
    List<String> found = new ArrayList<>(contract.faults(method, path, answer));
    found.addAll(explanations.faults(method.equals(operation.method()) ? operation : null, answer));
    if (answer.status() >= 500) {
      found.add("status " + answer.status());
    }
    if (!found.isEmpty()) {
      faults.add(
          "#%d %s %s %s %s\n  -> %d %s\n  %s"
              .formatted(
                  number,
                  method,
                  shown(path + query),
                  headers,
                  body == null ? "" : shown(new String(body, StandardCharsets.UTF_8)),
                  answer.status(),
                  shown(answer.response().body()),
                  found));
    }
  }

  private String path(Operation operation) {
    String id =
        noise.chance(0.7)
            ? noise.oneOf(ids)
            : noise.chance(0.5) ? UUID.randomUUID().toString() : encoded(noise.text());
    boolean fits = !id.isEmpty() && id.length() < 2_000;
    return operation.pathWith(fits ? Matcher.quoteReplacement(id) : "x");
  }

  private String query(Operation operation) {
    List<String> pairs = new ArrayList<>();
    for (Parameter parameter : operation.parameters("query")) {
      if (noise.chance(0.25)) {
        String value =
            noise.chance(0.5) ? noise.fitting(parameter.schema()).asText() : noise.text();
        pairs.add(parameter.name() + "=" + encoded(value));
      }
    }
    if (noise.chance(0.05)) {
      pairs.add(encoded(noise.text()) + "=" + encoded(noise.text()));
    }
    String query = pairs.stream().collect(Collectors.joining("&"));
    return query.isEmpty() || query.length() > 7_000 ? "" : "?" + query;
  }

  private byte[] body(Operation operation) {
    if (operation.takesJson()) {
      return noise.chance(0.02) ? null : noise.body(operation);
    }
    if (operation.takesForm()) {
      return noise.form(operation.exampleBody());
    }
    return noise.chance(0.05) ? noise.text().getBytes(StandardCharsets.UTF_8) : null;
  }

  private List<String> headers(Operation operation) {
    List<String> headers = new ArrayList<>();
    if (noise.chance(0.03)) {
      headers.addAll(List.of("Content-Type", noise.oneOf(TYPES)));
    } else if (operation.takesForm()) {
      headers.addAll(List.of("Content-Type", Operation.FORM_TYPE));
    }
    for (Parameter parameter : operation.parameters("header")) {
      if (noise.chance(0.4)) {
        String value =
            noise.oneOf(
                Arrays.asList("\"1\"", "\"2\"", "*", "W/\"1\"", "k1", "k2", "k3", "a b", "~"));
        headers.addAll(List.of(parameter.name(), value));
      }
    }
    if (noise.chance(0.05)) {
      headers.addAll(List.of("Accept", noise.oneOf(List.of("text/html", "*/*;q=0", "nonsense"))));
    }
    if (noise.chance(0.05)) {
      headers.addAll(
          List.of("X-Request-Id", noise.oneOf(List.of("", "ok-1", "x".repeat(65), "a b"))));
    }
    return headers;
  }

  private String token(Operation operation) {
    if (noise.chance(0.02)) {
      return null;
    } else if (noise.chance(0.02)) {
      return noise.oneOf(List.of("x", "e30.e30.AAAA", "a.b.c.d", "."));
    }
    List<Role> allowed = ROLES.stream().filter(operation.roles()::contains).toList();
    return tokens.apply(
        allowed.isEmpty() || noise.chance(0.1) ? noise.oneOf(ROLES) : noise.oneOf(allowed));
  }

  private static String shown(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "… (" + text.length() + ")" : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
