package com.telconova.local.apigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.local.apigateway.Contract.Operation;
import com.telconova.shared.http.CrossOrigin;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Operations as API Gateway takes them: everything in place, nothing by reference but models, and
/// beside each what it is connected to.
///
/// Of a JSON body only the outline is validated there, that it is a JSON object: this the services
/// answer 400, too. Whatever is wrong inside they answer 422, all of it at once, which API Gateway
/// could not say.
///
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
final class Operations {

  /// Longest time until the answer is complete, for answers that do not stream.
  static final int TIMEOUT_MILLIS = 29_000;

  /// Longest time for which an answer may stream.
  static final int STREAM_MILLIS = 15 * 60 * 1_000;

  static final String INTEGRATION = "x-amazon-apigateway-integration";
  static final String ANY_METHOD = "x-amazon-apigateway-any-method";
  static final String VALIDATOR = "x-amazon-apigateway-request-validator";
  static final String THROTTLE = "x-throttle";

  private static final String JSON = "application/json";
  private static final String FORM = "multipart/form-data";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Models models;
  private final Throttles throttles;

  Operations(Models models, Throttles throttles) {
    this.models = models;
    this.throttles = throttles;
  }

  /// Whether its answer may be long or without end, so that it must pass through piece by piece.
  static boolean isStream(Operation operation) {
    return mediaTypes(operation)
        .anyMatch(
            type -> isBinary(type) || type.equals("text/event-stream") || type.equals("text/csv"));
  }

  /// Media types that are no text, of what comes and of what goes.
  static Set<String> binary(List<Operation> operations) {
    return operations.stream()
        .flatMap(operation ->
            Stream.concat(
                operation
                    .requestBody()
                    .path("content")
                    .propertyStream()
                    .map(media -> media.getKey()),
                mediaTypes(operation)))
        .filter(type -> type.equals(FORM) || isBinary(type))
        .collect(Collectors.toCollection(java.util.TreeSet::new));
  }

  /// The operation itself.
  ObjectNode converted(Operation operation) {
    var converted = NODES.objectNode();
    converted.put("operationId", operation.id());
    converted.set("summary", operation.node().path("summary"));
    if (!operation.parameters().isEmpty()) {
      var parameters = converted.putArray("parameters");
      operation.parameters().forEach(p -> parameters.add(parameter(operation, p)));
    }
    boolean json = operation.requestBody().path("content").has(JSON);
    boolean required = operation.requestBody().path("required").asBoolean();
    if (json) {
      // An optional body is not validated: nobody says what API Gateway makes of an absent one.
      var body = converted.putObject("requestBody");
      body.put("required", required);
      body.putObject("content").putObject(JSON).set("schema", models.anyObject());
      model(operation);
    }
    var responses = converted.putObject("responses");
    operation
        .responses()
        .forEach(
            (status, response) -> responses.set(status, response(operation, status, response)));
    security(converted, throttles.isWithoutKey(operation));
    throttles.of(operation).ifPresent(throttle -> converted.set(THROTTLE, throttle));
    converted.put(VALIDATOR, json && required ? "all" : "parameters");
    converted.set(
        INTEGRATION,
        integration(
            operation.path(), operation.method().toUpperCase(Locale.ROOT), isStream(operation)));
    return converted;
  }

  /// Every other method of a path: the service itself says what it makes of it, which is GET's
  /// headers to HEAD and 405 to the rest.
  static ObjectNode anyMethod(String path, boolean withoutKey) {
    var any = NODES.objectNode();
    parameters(any, path);
    any.putObject("responses")
        .putObject("default")
        .put("description", "What the service says to it.");
    security(any, withoutKey);
    any.set(INTEGRATION, integration(path, "ANY", false));
    return any;
  }

  /// The answer to what a browser asks before a page from elsewhere may send its request.
  static ObjectNode preflight(String path, List<Operation> operations) {
    var preflight = NODES.objectNode();
    preflight.put("summary", "What a page from elsewhere may send.");
    parameters(preflight, path);
    preflight.putArray("security");
    var answer = preflight.putObject("responses").putObject("204");
    answer.put("description", "It may.");
    var headers = answer.putObject("headers");
    var integration = preflight.putObject(INTEGRATION);
    integration.put("type", "mock");
    integration.put("passthroughBehavior", "when_no_match");
    integration.putObject("requestTemplates").put(JSON, "{\"statusCode\": 204}");
    var mapped = integration.putObject("responses").putObject("default").put("statusCode", "204");
    var mapping = mapped.putObject("responseParameters");
    var methods =
        Stream.concat(
                operations.stream().map(operation -> operation.method().toUpperCase(Locale.ROOT)),
                Stream.of("OPTIONS"))
            .collect(Collectors.joining(","));
    header(headers, mapping, "Access-Control-Allow-Origin", TerraformText.ALLOWED_ORIGIN);
    header(headers, mapping, "Access-Control-Allow-Methods", methods);
    header(headers, mapping, "Access-Control-Allow-Headers", CrossOrigin.REQUEST_HEADERS);
    header(
        headers, mapping, "Access-Control-Max-Age", Integer.toString(CrossOrigin.MAX_AGE_SECONDS));
    return preflight;
  }

  /// The names in the braces of a path.
  static List<String> pathParameters(String path) {
    return Stream.of(path.split("/"))
        .filter(segment -> segment.startsWith("{"))
        .map(segment -> segment.substring(1, segment.length() - 1))
        .toList();
  }

  /// What the contract says a JSON body looks like, by the name of its model.
  String model(Operation operation) {
    var schema = operation.requestBody().path("content").path(JSON).path("schema");
    var reference =
        models
            .reference(operation.contract(), schema, operation.id() + "Body")
            .get("$ref")
            .asText();
    return reference.substring(reference.lastIndexOf('/') + 1);
  }

  private ObjectNode parameter(Operation operation, JsonNode parameter) {
    var converted = NODES.objectNode();
    var in = parameter.path("in").asText();
    converted.put("name", parameter.path("name").asText());
    converted.put("in", in);
    // Who leaves out If-Match hears 428 from the service; API Gateway would say 400.
    boolean answeredByService = in.equals("header") && operation.responses().containsKey("428");
    converted.put("required", parameter.path("required").asBoolean() && !answeredByService);
    if (parameter.has("description")) {
      converted.set("description", parameter.get("description"));
    }
    converted.set("schema", models.simple(operation.contract(), parameter.path("schema")));
    return converted;
  }

  private ObjectNode response(Operation operation, String status, JsonNode response) {
    var converted = NODES.objectNode();
    converted.set("description", response.path("description"));
    if (!response.path("content").isEmpty()) {
      var content = converted.putObject("content");
      response
          .path("content")
          .properties()
          .forEach(media -> {
            var name = operation.id() + status;
            var schema = media.getValue().path("schema");
            var text = NODES.objectNode().put("type", "string");
            content
                .putObject(media.getKey())
                .set(
                    "schema",
                    models.reference(
                        operation.contract(),
                        media.getKey().endsWith("json") ? schema : text,
                        name));
          });
    }
    return converted;
  }

  private static ObjectNode integration(String path, String method, boolean stream) {
    var integration = NODES.objectNode();
    integration.put("type", "http_proxy");
    integration.put("httpMethod", method);
    integration.put("uri", TerraformText.LOAD_BALANCER_URL + path);
    integration.put("connectionType", "VPC_LINK");
    integration.put("connectionId", TerraformText.VPC_LINK_ID);
    integration.put("integrationTarget", TerraformText.LOAD_BALANCER_ARN);
    integration.put("passthroughBehavior", "when_no_match");
    integration.put("responseTransferMode", stream ? "STREAM" : "BUFFERED");
    integration.put("timeoutInMillis", stream ? STREAM_MILLIS : TIMEOUT_MILLIS);
    var mapping = integration.putObject("requestParameters");
    pathParameters(path)
        .forEach(
            name -> mapping.put("integration.request.path." + name, "method.request.path." + name));
    // Whatever a client claims of itself is overwritten; the load balancer adds API Gateway.
    mapping.put("integration.request.header.X-Forwarded-For", "context.identity.sourceIp");
    mapping.put("integration.request.header.X-Forwarded-Proto", "'https'");
    return integration;
  }

  private static void header(ObjectNode headers, ObjectNode mapping, String name, String value) {
    headers.putObject(name).putObject("schema").put("type", "string");
    mapping.put("method.response.header." + name, "'" + value + "'");
  }

  private static void parameters(ObjectNode operation, String path) {
    var names = pathParameters(path);
    if (!names.isEmpty()) {
      var parameters = operation.putArray("parameters");
      for (var name : names) {
        var parameter = parameters.addObject();
        parameter.put("name", name).put("in", "path").put("required", true);
        parameter.putObject("schema").put("type", "string");
      }
    }
  }

  private static void security(ObjectNode operation, boolean withoutKey) {
    var security = operation.putArray("security");
    if (!withoutKey) {
      security.addObject().putArray(GatewayApi.API_KEY);
    }
  }

  private static Stream<String> mediaTypes(Operation operation) {
    return operation.responses().entrySet().stream()
        .filter(response -> response.getKey().startsWith("2"))
        .flatMap(response -> response.getValue().path("content").propertyStream())
        .map(media -> media.getKey());
  }

  private static boolean isBinary(String mediaType) {
    return mediaType.startsWith("image/")
        || Set.of("application/pdf", "application/octet-stream", "application/zip")
            .contains(mediaType);
  }
}
