package com.telconova.local.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.local.apigateway.Contract.Operation;
import com.telconova.shared.testing.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The whole API as one document of OpenAPI 3.0.1 with API Gateway's extensions. What it says
/// follows from the contracts and `docs/throttling.yaml` alone.
public final class GatewayApi {

  /// The security scheme of keys, in the header `x-api-key`.
  public static final String API_KEY = "apiKey";

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_.,:-]+|\\{[A-Za-z0-9_.-]+}");
  private static final List<String> RESERVED = List.of("/ping", "/sping");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private GatewayApi() {}

  /// Merges the contracts in a folder such as `docs/openapi`.
  ///
  /// @return the text of `openapi.json`, a template for Terraform
  /// @throws InvalidContract naming everything that stands against it
  public static String of(Path folder) {
    var contracts =
        Topology.SERVICES.stream().map(service -> Contract.load(folder, service)).toList();
    return TerraformText.of(
        merged(contracts, Throttles.load(folder.resolveSibling("throttling.yaml"))));
  }

  static ObjectNode merged(List<Contract> contracts, Throttles throttles) {
    var operations = contracts.stream().flatMap(c -> c.operations().stream()).toList();
    var faults = faults(operations);
    faults.addAll(throttles.faults(operations));
    if (!faults.isEmpty()) {
      throw new InvalidContract(faults);
    }
    var models = new Models(contracts);
    var converter = new Operations(models, throttles);
    var root = NODES.objectNode();
    root.put("openapi", "3.0.1");
    root.set("info", info(contracts));
    root.set("paths", paths(operations, throttles, converter));
    var components = root.putObject("components");
    components.set("schemas", models.all());
    components
        .putObject("securitySchemes")
        .putObject(API_KEY)
        .put("type", "apiKey")
        .put("name", "x-api-key")
        .put("in", "header");
    root.put("x-amazon-apigateway-api-key-source", "HEADER");
    var binary = root.putArray("x-amazon-apigateway-binary-media-types");
    Operations.binary(operations).forEach(binary::add);
    root.set("x-amazon-apigateway-request-validators", validators());
    root.set("x-amazon-apigateway-gateway-responses", GatewayAnswers.all());
    root.set("x-amazon-apigateway-documentation", documentation(contracts, operations, converter));
    root.set(Operations.THROTTLE, throttles.otherwise());
    root.set("x-throttle-key", throttles.key());
    return root;
  }

  private static ObjectNode info(List<Contract> contracts) {
    var first = contracts.getFirst().root().path("info");
    var info = NODES.objectNode();
    info.put("title", TerraformText.API_NAME);
    info.put("version", first.path("version").asText());
    info.set("license", first.path("license"));
    return info;
  }

  private static ObjectNode paths(
      List<Operation> operations, Throttles throttles, Operations converter) {
    var byPath = new LinkedHashMap<String, List<Operation>>();
    operations.forEach(o -> byPath.computeIfAbsent(o.path(), _ -> new ArrayList<>()).add(o));
    var paths = NODES.objectNode();
    byPath.forEach((path, its) -> {
      var item = paths.putObject(path);
      item.put("x-service", its.getFirst().contract().service());
      its.forEach(operation -> item.set(operation.method(), converter.converted(operation)));
      item.set("options", Operations.preflight(path, its));
      boolean withoutKey = its.stream().allMatch(throttles::isWithoutKey);
      item.set(Operations.ANY_METHOD, Operations.anyMethod(path, withoutKey));
    });
    return paths;
  }

  private static ObjectNode validators() {
    var validators = NODES.objectNode();
    validators
        .putObject("all")
        .put("validateRequestBody", true)
        .put("validateRequestParameters", true);
    validators
        .putObject("parameters")
        .put("validateRequestBody", false)
        .put("validateRequestParameters", true);
    return validators;
  }

  /// What is published with a version: what each service says of itself, and of each operation more
  /// than its line.
  private static ObjectNode documentation(
      List<Contract> contracts, List<Operation> operations, Operations converter) {
    var documentation = NODES.objectNode();
    documentation.put("version", contracts.getFirst().root().at("/info/version").asText());
    var parts = documentation.putArray("documentationParts");
    var about =
        contracts.stream()
            .map(contract -> contract.root().path("info"))
            .map(info -> "# " + info.path("title").asText() + "\n\n" + text(info, "description"))
            .collect(Collectors.joining("\n"));
    part(parts, "API", null).putObject("info").put("description", about);
    for (var operation : operations) {
      var method = part(parts, "METHOD", operation);
      method.put("summary", text(operation.node(), "summary"));
      if (operation.node().has("description")) {
        method.put("description", text(operation.node(), "description"));
      }
      method.set("tags", operation.node().path("tags"));
      method.set("roles", operation.node().path("x-roles"));
      var body = operation.requestBody();
      if (body.path("content").has("application/json")) {
        part(parts, "REQUEST_BODY", operation)
            .put("description", "JSON, as the model " + converter.model(operation) + " says.");
      } else if (body.path("content").has("multipart/form-data")) {
        part(parts, "REQUEST_BODY", operation)
            .put("description", "A form, multipart/form-data (RFC 7578).");
      }
    }
    return documentation;
  }

  private static ObjectNode part(ArrayNode parts, String type, Operation operation) {
    var part = parts.addObject();
    var location = part.putObject("location").put("type", type);
    if (operation != null) {
      location.put("path", operation.path());
      location.put("method", operation.method().toUpperCase(java.util.Locale.ROOT));
    }
    return part.putObject("properties");
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText().strip();
  }

  /// What API Gateway would refuse, or take and do otherwise.
  private static List<String> faults(List<Operation> operations) {
    var faults = new ArrayList<String>();
    var owners = new HashMap<String, Operation>();
    var names = new HashMap<String, Operation>();
    var parameters = new HashMap<String, String>();
    for (var operation : operations) {
      var owner = owners.putIfAbsent(operation.path(), operation);
      if (owner != null && owner.contract() != operation.contract()) {
        faults.add(operation.place() + ": the path is " + owner.contract().service() + "'s, too.");
      }
      var namesake = names.putIfAbsent(operation.id(), operation);
      if (operation.id().isEmpty()) {
        faults.add(operation.place() + " has no operationId.");
      } else if (namesake != null) {
        faults.add(operation.place() + ": the operationId is also that of " + namesake.place());
      }
      segments(operation, parameters, faults);
      undeclared(operation, faults);
    }
    return faults;
  }

  private static void segments(
      Operation operation, Map<String, String> parameters, List<String> faults) {
    if (RESERVED.contains(operation.path())) {
      faults.add(operation.place() + ": API Gateway keeps this path for itself.");
    }
    var parent = new StringBuilder();
    for (var segment : operation.path().substring(1).split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches()) {
        faults.add(operation.place() + ": API Gateway takes no segment like '" + segment + "'.");
      }
      if (segment.startsWith("{")) {
        var sibling = parameters.putIfAbsent(parent.toString(), segment);
        if (sibling != null && !sibling.equals(segment)) {
          faults.add(
              "%s: below %s a parameter is %s elsewhere and %s here; API Gateway takes one name."
                  .formatted(operation.place(), parent, sibling, segment));
        }
      }
      parent.append('/').append(segment);
    }
  }

  private static void undeclared(Operation operation, List<String> faults) {
    for (var name : Operations.pathParameters(operation.path())) {
      boolean declared =
          operation.parameters().stream()
              .anyMatch(p ->
                  p.path("in").asText().equals("path") && p.path("name").asText().equals(name));
      if (!declared) {
        faults.add(operation.place() + ": the parameter " + name + " of its path is not declared.");
      }
    }
  }
}
