package com.telconova.shared.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.telconova.shared.http.HttpServer;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.testing.Operation.Parameter;
import com.telconova.shared.token.Role;
import io.javalin.security.RouteRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;

/// `docs/openapi/<service>.yaml`, and the tests' way to hold a service to it: the routes it has
/// registered, and every answer it gives. Thread-safe.
public final class ApiContract {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /// What the server says before it knows of any operation; the documents tell of it once.
  private static final Set<Integer> BEFORE_ROUTING = Set.of(400, 408, 414, 431);

  private final String service;
  private final SchemaDocument document;
  private final List<Operation> operations;
  private final Map<String, Set<Integer>> seen = new ConcurrentHashMap<>();

  private ApiContract(String service, SchemaDocument document) {
    this.service = service;
    this.document = document;
    List<Operation> found = new ArrayList<>();
    document
        .root()
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> found.add(read(path.getKey(), path.getValue(), method))));
    found.sort(Comparator.comparingInt(o -> o.parameters("path").size()));
    this.operations = List.copyOf(found);
  }

  /// The contract of a service, in this checkout.
  public static ApiContract of(String service) {
    return new ApiContract(
        service,
        SchemaDocument.load(Checkout.find().root().resolve("docs/openapi/" + service + ".yaml")));
  }

  /// Every operation; those with fewer parameters in the path first.
  public List<Operation> operations() {
    return operations;
  }

  /// A schema, or whatever its `$ref` leads to.
  public JsonNode resolve(JsonNode schema) {
    return document.resolve(schema);
  }

  JsonNode root() {
    return document.root();
  }

  /// What is registered and not documented, or documented and not registered, roles included. What
  /// is registered twice, at `/x` and at `/<service>/x`, is documented once, as the gateway has it.
  public Set<String> differences(Collection<HttpServer.Route> routes) {
    Set<String> paths =
        routes.stream().map(HttpServer.Route::path).collect(Collectors.toUnmodifiableSet());
    Set<String> registered =
        routes.stream()
            .filter(route -> !paths.contains("/" + service + route.path()))
            .map(route -> route.method() + " " + route.path() + " " + effective(route.roles()))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        operations.stream()
            .map(operation -> operation + " " + new TreeSet<>(operation.roles()))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> differences = new TreeSet<>();
    registered.stream()
        .filter(route -> !documented.contains(route))
        .forEach(route -> differences.add("registered, not documented: " + route));
    documented.stream()
        .filter(route -> !registered.contains(route))
        .forEach(route -> differences.add("documented, not registered: " + route));
    return differences;
  }

  /// Holds an answer to the document.
  ///
  /// @param path as it was sent, encoded, without the query
  /// @throws AssertionError naming every fault
  public void check(String method, String path, Api.Answer answer) {
    List<String> faults = faults(method, path, answer);
    if (!faults.isEmpty()) {
      throw new AssertionError(
          "%s %s was answered otherwise than documented:\n%s\n%d %s"
              .formatted(method, path, String.join("\n", faults), answer.status(), answer.body()));
    }
  }

  /// What of an answer is not as documented; empty when all is well. HEAD is GET without a body.
  public List<String> faults(String method, String path, Api.Answer answer) {
    boolean head = method.equals("HEAD");
    return faults(head ? "GET" : method, path, answer, head);
  }

  private List<String> faults(String method, String path, Api.Answer answer, boolean bodiless) {
    int status = answer.status();
    Optional<Operation> operation = find(method, path);
    if (operation.isEmpty()) {
      boolean known = operations.stream().anyMatch(o -> o.matches(path));
      boolean fits = status == (known ? 405 : 404) || BEFORE_ROUTING.contains(status);
      List<String> faults = problemFaults(answer, bodiless);
      return fits ? faults : join(faults, "status " + status + " where there is no operation");
    }
    seen.computeIfAbsent(operation.get().toString(), _ -> new ConcurrentSkipListSet<>())
        .add(status);
    if (!operation.get().statuses().contains(status)) {
      return BEFORE_ROUTING.contains(status)
          ? problemFaults(answer, bodiless)
          : List.of(status + " is not documented for " + operation.get());
    }
    List<String> faults = status < 400 ? new ArrayList<>() : problemFaults(answer, bodiless);
    String pointer = responsePointer(operation.get(), status);
    faults.addAll(headerFaults(pointer, answer));
    if (!bodiless) {
      faults.addAll(bodyFaults(pointer, answer));
    }
    return faults;
  }

  /// Which statuses each operation has given, and which documented ones nobody has seen.
  public String coverage() {
    return operations.stream()
        .map(operation -> {
          Set<Integer> given = seen.getOrDefault(operation.toString(), Set.of());
          Set<Integer> missing = new TreeSet<>(operation.statuses());
          missing.removeAll(given);
          return "%s: %s, not seen: %s".formatted(operation, given, missing);
        })
        .collect(Collectors.joining("\n"));
  }

  /// The operations that have not yet given an answer below 300.
  public List<Operation> neverSucceeded() {
    return operations.stream()
        .filter(operation ->
            seen.getOrDefault(operation.toString(), Set.of()).stream().noneMatch(s -> s < 300))
        .toList();
  }

  private Optional<Operation> find(String method, String path) {
    return operations.stream()
        .filter(operation -> operation.method().equals(method) && operation.matches(path))
        .findFirst();
  }

  private List<String> headerFaults(String pointer, Api.Answer answer) {
    List<String> faults = new ArrayList<>();
    document
        .root()
        .at(pointer + "/headers")
        .properties()
        .forEach(header -> {
          JsonNode described = document.resolve(header.getValue());
          String value = answer.header(header.getKey());
          if (value == null && described.path("required").asBoolean()) {
            faults.add("the header " + header.getKey() + " is missing");
          } else if (value != null) {
            document
                .faults(
                    document.pointer(pointer + "/headers" + SchemaDocument.step(header.getKey()))
                        + "/schema",
                    scalar(value, document.resolve(described.get("schema"))))
                .forEach(fault -> faults.add("header " + header.getKey() + fault));
          }
        });
    return faults;
  }

  private List<String> bodyFaults(String pointer, Api.Answer answer) {
    JsonNode content = document.root().at(pointer + "/content");
    String body = answer.response().body();
    if (content.isMissingNode()) {
      return body.isEmpty() ? List.of() : List.of("a body where none is documented: " + body);
    }
    String type = mediaType(answer);
    if (!content.has(type)) {
      return List.of("content type '" + type + "' is not documented");
    }
    String schema = pointer + "/content" + SchemaDocument.step(type) + "/schema";
    return type.endsWith("json") ? document.faults(schema, answer.body()) : List.of();
  }

  /// Whatever else it is, an answer from 400 on is a problem.
  private List<String> problemFaults(Api.Answer answer, boolean bodiless) {
    List<String> faults = new ArrayList<>();
    if (!mediaType(answer).equals(Problem.CONTENT_TYPE)) {
      faults.add("status " + answer.status() + " as '" + mediaType(answer) + "'");
    } else if (!bodiless) {
      faults.addAll(document.faults("/components/schemas/Problem", answer.body()));
      if (answer.body().path("status").asInt() != answer.status()) {
        faults.add("the problem's status is not the answer's");
      }
    }
    if (answer.status() == 405 && answer.header("Allow") == null) {
      faults.add("405 without Allow");
    }
    return faults;
  }

  private String responsePointer(Operation operation, int status) {
    return document.pointer(
        "/paths%s/%s/responses/%d"
            .formatted(
                SchemaDocument.step(operation.path()),
                operation.method().toLowerCase(Locale.ROOT),
                status));
  }

  private Operation read(String path, JsonNode item, Map.Entry<String, JsonNode> method) {
    JsonNode operation = method.getValue();
    List<Parameter> parameters = new ArrayList<>();
    item.path("parameters").forEach(parameter -> parameters.add(parameter(parameter)));
    operation.path("parameters").forEach(parameter -> parameters.add(parameter(parameter)));
    Set<Role> roles = EnumSet.noneOf(Role.class);
    operation.path("x-roles").forEach(role -> roles.add(Role.valueOf(role.asText())));
    Set<Integer> statuses = new TreeSet<>();
    operation
        .get("responses")
        .fieldNames()
        .forEachRemaining(status -> statuses.add(Integer.valueOf(status)));
    JsonNode content = document.resolve(operation.path("requestBody")).path("content");
    String type = content.isEmpty() ? null : content.fieldNames().next();
    JsonNode media = type == null ? null : content.get(type);
    return new Operation(
        operation.path("operationId").asText(),
        operation.path("description").asText(),
        method.getKey().toUpperCase(Locale.ROOT),
        path,
        roles,
        parameters,
        type,
        media == null ? null : document.resolve(media.get("schema")),
        media == null ? null : media.get("example"),
        statuses);
  }

  private Parameter parameter(JsonNode node) {
    JsonNode parameter = document.resolve(node);
    return new Parameter(
        parameter.get("name").asText(),
        parameter.get("in").asText(),
        document.resolve(parameter.get("schema")),
        parameter.get("example"));
  }

  /// ADMIN may do whatever SUPERVISOR may; the documents say so at each operation.
  private static Set<RouteRole> effective(Set<RouteRole> registered) {
    Set<RouteRole> roles = new TreeSet<>(registered);
    if (registered.contains(Role.SUPERVISOR)) {
      roles.add(Role.ADMIN);
    }
    return roles;
  }

  private static JsonNode scalar(String header, JsonNode schema) {
    boolean number =
        schema.path("type").asText().equals("integer") && header.matches("[0-9]{1,18}");
    return number
        ? JsonNodeFactory.instance.numberNode(Long.parseLong(header))
        : JsonNodeFactory.instance.textNode(header);
  }

  private static String mediaType(Api.Answer answer) {
    String type = answer.header("Content-Type");
    return type == null ? "" : type.split(";", 2)[0].strip();
  }

  private static List<String> join(List<String> faults, String another) {
    List<String> all = new ArrayList<>(faults);
    all.add(another);
    return all;
  }
}
