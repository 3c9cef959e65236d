package com.telconova.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.apigateway.TerraformText;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the gateway routes, and on which terms: the very document that API Gateway imports, as a
/// tree of path segments. Thread-safe.
final class Api {

  private static final String RESOURCE = "openapi.json";
  private static final String ANY = "x-amazon-apigateway-any-method";
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  // What Terraform would put for a placeholder; here only the origin is looked at.
  private static final String EVERY_ORIGIN = "*";

  private final Node root = new Node();
  private final Bucket key;
  private final LongSupplier nanos;

  /// A path and what may be done there.
  ///
  /// @param methods those that the document names
  /// @param other every other one; the service knows what to say to it
  /// @param preflight the headers that answer OPTIONS
  record Resource(
      String service, Map<String, Method> methods, Method other, Map<String, String> preflight) {
    Method method(String name) {
      return methods.getOrDefault(name, other);
    }
  }

  /// @param keyed whether it takes a key
  /// @param streams whether its answer may take its time
  record Method(Bucket bucket, boolean keyed, boolean streams) {}

  private static final class Node {
    private final Map<String, Node> fixed = new HashMap<>();
    private Node parameter;
    private Resource resource;
  }

  /// @param document without placeholders
  /// @param nanos a clock that only grows
  Api(JsonNode document, LongSupplier nanos) {
    this.nanos = nanos;
    this.key = bucket(document.path("x-throttle-key"));
    for (var path : document.path("paths").properties()) {
      node(path.getKey()).resource = resource(path.getValue(), document.path("x-throttle"));
    }
  }

  /// The one this was built with.
  static Api documented() {
    try (var in = Api.class.getResourceAsStream(RESOURCE)) {
      var template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Api(
          Mappers.TOLERANT.readTree(TerraformText.filled(template, EVERY_ORIGIN)),
          System::nanoTime);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What is at a path; a slash at its end says nothing.
  ///
  /// @param path canonical: without `..`, so that nothing slips past
  Optional<Resource> find(String path) {
    var at = root;
    int length = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
    int begin = 1;
    while (begin <= length) {
      int slash = path.indexOf('/', begin);
      int end = slash < 0 || slash > length ? length : slash;
      var segment = path.substring(begin, end);
      if (segment.isEmpty()) {
        return Optional.empty();
      }
      var next = at.fixed.get(segment);
      at = next == null ? at.parameter : next;
      if (at == null) {
        return Optional.empty();
      }
      begin = end + 1;
    }
    return Optional.ofNullable(at.resource);
  }

  /// What one key may do over all operations.
  Bucket key() {
    return key;
  }

  // A name wins over a parameter, as at API Gateway; no path needs a second try.
  private Node node(String path) {
    var at = root;
    for (var segment : path.substring(1).split("/")) {
      if (segment.startsWith("{")) {
        if (at.parameter == null) {
          at.parameter = new Node();
        }
        at = at.parameter;
      } else {
        at = at.fixed.computeIfAbsent(segment, _ -> new Node());
      }
    }
    return at;
  }

  private Resource resource(JsonNode item, JsonNode otherwise) {
    var methods = new HashMap<String, Method>();
    for (var name : METHODS) {
      if (item.has(name)) {
        var operation = item.get(name);
        methods.put(
            name.toUpperCase(java.util.Locale.ROOT),
            method(operation, operation.path("x-throttle")));
      }
    }
    var preflight = new HashMap<String, String>();
    item.at("/options/x-amazon-apigateway-integration/responses/default/responseParameters")
        .properties()
        .forEach(header -> {
          var name = header.getKey().substring(header.getKey().lastIndexOf('.') + 1);
          preflight.put(name, header.getValue().asText().replace("'", ""));
        });
    return new Resource(
        item.path("x-service").asText(),
        Map.copyOf(methods),
        method(item.path(ANY), otherwise),
        Map.copyOf(preflight));
  }

  private Method method(JsonNode operation, JsonNode throttle) {
    var integration = operation.path("x-amazon-apigateway-integration");
    return new Method(
        bucket(throttle),
        !operation.path("security").isEmpty(),
        integration.path("responseTransferMode").asText().equals("STREAM"));
  }

  private Bucket bucket(JsonNode throttle) {
    return new Bucket(throttle.path("rate").asInt(), throttle.path("burst").asInt(), nanos);
  }
}
