package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.shared.testing.Misfits.Misfit;
import com.telconova.shared.testing.Operation.Parameter;
import com.telconova.shared.token.Role;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Asks every operation of a contract for everything that the contract says it refuses, and as
/// everybody; what is refused must be refused in just that way, and say why. Every answer is held
/// to the contract besides.
public final class ApiMatrix {
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /// Those who may see and do only what is their own.
  private static final Set<Role> OWNERS = EnumSet.of(Role.CLIENT, Role.TECHNICIAN);

  private final ApiContract contract;
  private final Api api;
  private final World world;
  private final Misfits misfits;
  private final Explanations explanations;
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  /// What there is, so that whoever may call finds something.
  public interface World {
    /// An access token of somebody in this role; null to leave the role out.
    String token(Role role);

    /// A path of this operation under which that somebody finds something.
    default String path(Operation operation, Role role) {
      return operation.path();
    }

    /// A path of this operation under which that somebody may find nothing, for what is there is
    /// somebody else's; null where things belong to nobody.
    default String foreignPath(Operation operation, Role role) {
      return null;
    }

    /// A body that is taken there, or null for none; the documented example unless said otherwise.
    default String body(Operation operation, Role role) {
      return operation.exampleBody();
    }

    /// False for an operation that cannot succeed with all this; then another test shows that it
    /// does.
    default boolean succeeds(Operation operation) {
      return true;
    }
  }

  public ApiMatrix(ApiContract contract, Api api, World world) {
    this.contract = contract;
    this.api = api;
    this.world = world;
    this.misfits = new Misfits(contract);
    this.explanations = new Explanations(contract);
  }

  /// Asks it all.
  ///
  /// @return what was asked how often, for people
  /// @throws AssertionError naming everything that was answered otherwise
  public String run() {
    for (Operation operation : contract.operations()) {
      roles(operation);
      owners(operation);
      ids(operation);
      queries(operation);
      headers(operation);
      bodies(operation);
    }
    methods();
    contract.neverSucceeded().stream()
        .filter(world::succeeds)
        .forEach(operation -> faults.add(operation + " never succeeded"));
    if (!faults.isEmpty()) {
      throw new AssertionError(faults.size() + " faults:\n" + String.join("\n", faults));
    }
    int total = counts.values().stream().mapToInt(Integer::intValue).sum();
    return "%d operations, %d requests: %s".formatted(contract.operations().size(), total, counts);
  }

  private void roles(Operation operation) {
    if (!operation.isOpenToAnyone()) {
      expect(
          "no token",
          401,
          operation,
          null,
          world.path(operation, Role.CLIENT),
          operation.exampleBody());
      expect(
          "forged token",
          401,
          operation,
          "e30.e30.AAAA",
          world.path(operation, Role.CLIENT),
          operation.exampleBody());
    }
    for (Role role : EnumSet.complementOf(EnumSet.of(Role.ANYONE))) {
      if (world.token(role) == null) {
        continue;
      }
      String path = world.path(operation, role);
      String body = world.body(operation, role);
      if (operation.isOpenToAnyone() || operation.roles().contains(role)) {
        Api.Answer answer =
            send("role allowed", operation, world.token(role), path, body, anyVersion(operation));
        boolean refused = answer.status() == 403 && answer.text("/detail").startsWith("Your role,");
        if (refused || answer.status() == 401 && !operation.isOpenToAnyone()) {
          fault(operation, role + " is let in by the document", answer);
        }
      } else {
        expect("role refused", 403, operation, world.token(role), path, body);
      }
    }
  }

  /// What is somebody else's is not there, or may not be touched, whoever else may.
  private void owners(Operation operation) {
    for (Role role : operation.roles()) {
      String path = OWNERS.contains(role) ? world.foreignPath(operation, role) : null;
      if (path != null) {
        Api.Answer answer =
            send(
                "somebody else's",
                operation,
                world.token(role),
                path,
                world.body(operation, role),
                anyVersion(operation));
        if (answer.status() != 403 && answer.status() != 404) {
          fault(operation, role + " reaches what is somebody else's", answer);
        }
      }
    }
  }

  private void ids(Operation operation) {
    if (!operation.parameters("path").isEmpty()) {
      for (String id : List.of("42", "%C3%B1", UUID.randomUUID() + "x", "..", "0")) {
        String path = operation.pathWith(id.equals("..") ? "%2e%2e%2e" : id);
        expect("malformed id", 404, operation, token(operation), path, operation.exampleBody());
      }
      if (operation.statuses().contains(404)) {
        String path = operation.pathWith(UUID.randomUUID().toString());
        send("unknown id", operation, token(operation), path, operation.exampleBody());
      }
    }
  }

  private void queries(Operation operation) {
    List<Parameter> parameters = operation.parameters("query");
    if (parameters.isEmpty()) {
      return;
    }
    query("unknown query parameter", operation, "noSuchParameter", "noSuchParameter=1");
    for (Parameter parameter : parameters) {
      String name = parameter.name();
      String sample = encoded(misfits.sample(parameter.schema()).asText());
      query(
          "query parameter twice",
          operation,
          name,
          name + "=" + sample + "&" + name + "=" + sample);
      for (String value : wrongValues(parameter.schema())) {
        query("wrong query parameter", operation, name, name + "=" + encoded(value));
      }
    }
  }

  private void query(String kind, Operation operation, String parameter, String query) {
    String path = world.path(operation, firstRole(operation)) + "?" + query;
    Api.Answer answer =
        expect(kind, 400, operation, token(operation), path, operation.exampleBody());
    requireFaultAt(operation, query, parameter, answer);
  }

  private static List<String> wrongValues(JsonNode schema) {
    List<String> wrong = new ArrayList<>();
    if (schema.has("enum")
        || schema.has("format")
        || !schema.path("type").asText().equals("string")) {
      wrong.add("no such value");
    }
    if (schema.has("minimum")) {
      wrong.add(Long.toString(schema.get("minimum").asLong() - 1));
    }
    if (schema.has("maximum")) {
      wrong.add(Long.toString(schema.get("maximum").asLong() + 1));
    }
    if (schema.has("maxLength")) {
      wrong.add("x".repeat(schema.get("maxLength").asInt() + 1));
    }
    return wrong;
  }

  private void headers(Operation operation) {
    for (Parameter parameter : operation.parameters("header")) {
      Api.Answer answer =
          send(
              "wrong header",
              operation,
              token(operation),
              world.path(operation, firstRole(operation)),
              operation.exampleBody(),
              parameter.name(),
              "not one of those");
      if (answer.status() != 400 && answer.status() != 412) {
        fault(operation, "takes a wrong " + parameter.name(), answer);
      }
    }
  }

  private void bodies(Operation operation) {
    if (operation.contentType() == null) {
      return;
    }
    String path = world.path(operation, firstRole(operation));
    String token = token(operation);
    for (String type : List.of("text/plain", "application/xml", "application/jsonp")) {
      Api.Answer answer =
          send("wrong content type", operation, token, path, "{}", "Content-Type", type);
      require(415, operation, "content type " + type, answer);
    }
    if (!operation.takesJson()) {
      return;
    }
    for (String body : List.of("", "null", "[]", "7", "{", "{}{}", "{\"a\":1,\"a\":2}", "nope")) {
      expect("no JSON object", 400, operation, token, path, body);
    }
    expect(
        "nested too deep",
        400,
        operation,
        token,
        path,
        "{\"a\":".repeat(60) + "1" + "}".repeat(60));
    expect("too large", 413, operation, token, path, "{\"a\":\"" + "x".repeat(256 * 1024) + "\"}");
    JsonNode example = operation.bodyExample();
    ObjectNode more = example.deepCopy();
    more.put("noSuchField", 1);
    Api.Answer unknown = expect("unknown field", 400, operation, token, path, more.toString());
    requireFaultAt(operation, "noSuchField", "/noSuchField", unknown);
    for (Misfit misfit : misfits.of(operation.bodySchema(), example)) {
      Api.Answer answer = expect("misfit", 422, operation, token, path, misfit.body().toString());
      requireFaultAt(
          operation, misfit.rule() + " at " + misfit.pointer(), misfit.pointer(), answer);
    }
    for (Misfit limit : misfits.atTheLimit(operation.bodySchema(), example)) {
      Api.Answer answer = send("at the limit", operation, token, path, limit.body().toString());
      if (hasErrorAt(limit.pointer(), answer)) {
        fault(operation, "refuses the limit of " + limit.pointer(), answer);
      }
    }
  }

  /// A path may fit several operations' templates, as `/orders/stats` fits `/orders/{id}`.
  private void methods() {
    Map<String, List<Operation>> byPath =
        contract.operations().stream().collect(Collectors.groupingBy(Operation::path));
    byPath.forEach((path, operations) -> {
      String real = operations.getFirst().pathWith(UUID.randomUUID().toString());
      Set<String> known =
          contract.operations().stream()
              .filter(operation -> operation.matches(real))
              .map(Operation::method)
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> unknown = new TreeSet<>(METHODS);
      unknown.removeAll(known);
      for (String method : unknown) {
        count("wrong method");
        Api.Answer answer = api.send(method, real, world.token(Role.ADMIN), null);
        explanations
            .faults(null, answer)
            .forEach(found -> faults.add(method + " " + path + ": " + found));
        String allow = answer.header("Allow");
        boolean named =
            allow != null && new TreeSet<>(Arrays.asList(allow.split("\\s*,\\s*"))).equals(known);
        if (answer.status() != 405 || !named) {
          faults.add("%s %s: %d, Allow: %s".formatted(method, path, answer.status(), allow));
        }
      }
    });
  }

  private Api.Answer expect(
      String kind, int status, Operation operation, String token, String path, String body) {
    Api.Answer answer = send(kind, operation, token, path, body);
    require(status, operation, kind + " " + abbreviated(path + " " + body), answer);
    return answer;
  }

  private Api.Answer send(
      String kind, Operation operation, String token, String path, String body, String... headers) {
    count(kind);
    boolean form = body != null && operation.takesForm() && headers.length == 0;
    Api.Answer answer =
        form
            ? api.send(operation.method(), path, token, body, "Content-Type", Operation.FORM_TYPE)
            : api.send(operation.method(), path, token, body, headers);
    if (answer.status() >= 500) {
      fault(operation, kind, answer);
    }
    contract
        .faults(operation.method(), path.split("\\?", 2)[0], answer)
        .forEach(found -> faults.add(operation + ", " + kind + ": " + found));
    explanations
        .faults(operation, answer)
        .forEach(found ->
            faults.add("%s, %s: %d %s".formatted(operation, kind, answer.status(), found)));
    return answer;
  }

  private void require(int status, Operation operation, String what, Api.Answer answer) {
    if (answer.status() != status) {
      fault(operation, what + ": not " + status, answer);
    }
  }

  private void requireFaultAt(Operation operation, String what, String pointer, Api.Answer answer) {
    if (!hasErrorAt(pointer, answer)) {
      fault(operation, what + ": no error at " + pointer, answer);
    }
  }

  private static boolean hasErrorAt(String pointer, Api.Answer answer) {
    return StreamSupport.stream(answer.body().path("errors").spliterator(), false)
        .anyMatch(error -> error.path("pointer").asText().equals(pointer));
  }

  private void fault(Operation operation, String what, Api.Answer answer) {
    faults.add("%s: %s: %d %s".formatted(operation, what, answer.status(), answer.body()));
  }

  private void count(String kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  private String token(Operation operation) {
    return operation.isOpenToAnyone() ? null : world.token(firstRole(operation));
  }

  /// Whoever may do most.
  private static Role firstRole(Operation operation) {
    return operation.roles().contains(Role.ADMIN)
        ? Role.ADMIN
        : operation.roles().iterator().next();
  }

  private static String[] anyVersion(Operation operation) {
    boolean asks =
        operation.parameters("header").stream().anyMatch(p -> p.name().equals("If-Match"));
    return asks ? new String[] {"If-Match", "*"} : new String[0];
  }

  private static String abbreviated(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
