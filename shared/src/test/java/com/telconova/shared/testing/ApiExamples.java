package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Sends a service every request that its document shows: the example of each operation, and each
/// `GET /path?with=a-query` in its description. All must succeed, and be answered as documented.
///
/// An example speaks of things that there are not until somebody made them. Each operation has an
/// entry here that says what it needs; one without is a fault, so that no example is left out.
public final class ApiExamples {
  private static final Pattern REQUEST = Pattern.compile("`([A-Z]+) (/[^`? ]*)(\\?[^` ]*)`");

  private final ApiContract contract;
  private final Api api;
  private final Map<String, Supplier<Needs>> needs = new LinkedHashMap<>();
  private int sent;
  private int replaced;

  /// What a request needs besides its example.
  ///
  /// @param token an access token, or null for none
  /// @param ids what stands in the path in place of the examples there, by parameter
  /// @param values what stands in the body in place of the example's value, by JSON Pointer: only
  ///   what no document can know, such as a code of this minute or the id of what was just made
  /// @param headers names and values in turn
  public record Needs(
      String token, Map<String, String> ids, Map<String, String> values, List<String> headers) {
    /// Nothing, for operations that anyone may call.
    public static final Needs NOTHING = new Needs(null);

    public Needs(String token) {
      this(token, Map.of(), Map.of(), List.of());
    }

    public Needs at(String parameter, Object id) {
      Map<String, String> more = new LinkedHashMap<>(ids);
      more.put(parameter, id.toString());
      return new Needs(token, more, values, headers);
    }

    public Needs with(String pointer, Object value) {
      Map<String, String> more = new LinkedHashMap<>(values);
      more.put(pointer, value.toString());
      return new Needs(token, ids, more, headers);
    }

    public Needs header(String name, String value) {
      List<String> more = new ArrayList<>(headers);
      more.addAll(List.of(name, value));
      return new Needs(token, ids, values, more);
    }
  }

  /// @param api of the running service, held to no contract
  public ApiExamples(ApiContract contract, Api api) {
    this.contract = contract;
    this.api = api;
  }

  /// Says what an operation needs. They are sent in the order in which this is said.
  ///
  /// @param prepare asked before each request, of which an operation may have several
  public ApiExamples with(String operationId, Supplier<Needs> prepare) {
    if (needs.put(operationId, prepare) != null) {
      throw new IllegalArgumentException(operationId + " has been said already");
    }
    return this;
  }

  /// Sends them all.
  ///
  /// @return what was sent, for people
  /// @throws AssertionError naming what was answered otherwise, or not sent at all
  public String run() {
    Map<String, Operation> operations =
        contract.operations().stream().collect(Collectors.toMap(Operation::id, o -> o));
    if (!needs.keySet().equals(operations.keySet())) {
      Set<String> left = new TreeSet<>(operations.keySet());
      left.removeAll(needs.keySet());
      Set<String> unknown = new TreeSet<>(needs.keySet());
      unknown.removeAll(operations.keySet());
      throw new AssertionError("not said: " + left + "; not documented: " + unknown);
    }
    List<String> faults = new ArrayList<>();
    needs.forEach((id, prepare) -> faults.addAll(send(operations.get(id), prepare)));
    if (!faults.isEmpty()) {
      throw new AssertionError(faults.size() + " faults:\n" + String.join("\n", faults));
    }
    return "%d operations, %d requests, %d values replaced, all as documented"
        .formatted(operations.size(), sent, replaced);
  }

  private List<String> send(Operation operation, Supplier<Needs> prepare) {
    List<String> faults = new ArrayList<>(send(operation, "", prepare.get()));
    Matcher shown = REQUEST.matcher(operation.description());
    while (shown.find()) {
      if (shown.group(1).equals(operation.method()) && shown.group(2).equals(operation.path())) {
        faults.addAll(send(operation, shown.group(3), prepare.get()));
      } else {
        faults.add(operation + " shows a request of another operation: " + shown.group());
      }
    }
    return faults;
  }

  private List<String> send(Operation operation, String query, Needs needed) {
    String path = operation.path();
    for (Operation.Parameter parameter : operation.parameters("path")) {
      String id = needed.ids().getOrDefault(parameter.name(), parameter.example().asText());
      path = path.replace("{" + parameter.name() + "}", id);
    }
    List<String> headers = new ArrayList<>(needed.headers());
    if (operation.parameters("header").stream().anyMatch(p -> p.name().equals("Idempotency-Key"))) {
      headers.addAll(List.of("Idempotency-Key", UUID.randomUUID().toString()));
    }
    if (operation.takesForm()) {
      headers.addAll(List.of("Content-Type", Operation.FORM_TYPE));
    }
    String body = body(operation, needed.values());
    sent++;
    Api.Answer answer =
        api.send(
            operation.method(), path + query, needed.token(), body, headers.toArray(String[]::new));
    List<String> faults = contract.faults(operation.method(), path, answer);
    boolean succeeded = answer.status() < 300;
    return succeeded && faults.isEmpty()
        ? List.of()
        : List.of(
            "%s %s %s: %d %s %s"
                .formatted(
                    operation, query, body, answer.status(), answer.response().body(), faults));
  }

  private String body(Operation operation, Map<String, String> values) {
    if (values.isEmpty()) {
      return operation.exampleBody();
    }
    JsonNode body = operation.bodyExample().deepCopy();
    values.forEach((pointer, value) -> {
      int name = pointer.lastIndexOf('/');
      JsonNode parent = body.at(pointer.substring(0, name));
      if (body.at(pointer).isMissingNode()) {
        throw new IllegalArgumentException(operation + " shows nothing at " + pointer);
      }
      ((ObjectNode) parent).set(pointer.substring(name + 1), TextNode.valueOf(value));
      replaced++;
    });
    return body.toString();
  }
}
