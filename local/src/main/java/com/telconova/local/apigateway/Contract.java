package com.telconova.local.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one service documents: `docs/openapi/<service>.yaml`, OpenAPI 3.0 or 3.1.
///
/// @param root never changed
record Contract(String service, JsonNode root) {

  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

  /// An operation.
  ///
  /// @param method in small letters
  /// @param parameters the path's and its own, without references
  record Operation(
      Contract contract, String path, String method, JsonNode node, List<JsonNode> parameters) {
    String id() {
      return node.path("operationId").asText();
    }

    /// How a fault names it.
    String place() {
      return contract.service + ": " + method.toUpperCase(java.util.Locale.ROOT) + " " + path;
    }

    /// Its answers, by status, without references.
    Map<String, JsonNode> responses() {
      var responses = new LinkedHashMap<String, JsonNode>();
      node.path("responses")
          .properties()
          .forEach(
              response -> responses.put(response.getKey(), contract.resolve(response.getValue())));
      return responses;
    }

    /// What it takes, without references; missing when it takes no body.
    JsonNode requestBody() {
      return contract.resolve(node.path("requestBody"));
    }
  }

  static Contract load(Path folder, String service) {
    try {
      return new Contract(
          service, new YAMLMapper().readTree(folder.resolve(service + ".yaml").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Every operation, in the order of the document.
  List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    root.path("paths")
        .properties()
        .forEach(path ->
            METHODS.stream()
                .filter(path.getValue()::has)
                .forEach(
                    method -> operations.add(operation(path.getKey(), path.getValue(), method))));
    return operations;
  }

  /// The node itself, or a copy of what its `$ref` leads to with what stands beside the `$ref`.
  JsonNode resolve(JsonNode node) {
    if (!node.path("$ref").isTextual()) {
      return node;
    }
    var target = resolve(root.at(node.get("$ref").asText().substring(1)));
    if (target.isMissingNode()) {
      throw new InvalidContract(
          List.of(service + ": " + node.get("$ref").asText() + " leads nowhere."));
    }
    if (node.size() == 1) {
      return target;
    }
    ObjectNode both = target.deepCopy();
    node.properties()
        .forEach(beside -> {
          if (!beside.getKey().equals("$ref")) {
            both.set(beside.getKey(), beside.getValue());
          }
        });
    return both;
  }

  private Operation operation(String path, JsonNode item, String method) {
    var node = item.get(method);
    // The operation's own win over the path's of the same place and name.
    var parameters = new LinkedHashMap<String, JsonNode>();
    for (var list : List.of(item.path("parameters"), node.path("parameters"))) {
      for (var entry : list) {
        var parameter = resolve(entry);
        parameters.put(
            parameter.path("in").asText() + " " + parameter.path("name").asText(), parameter);
      }
    }
    return new Operation(this, path, method, node, List.copyOf(parameters.values()));
  }
}
