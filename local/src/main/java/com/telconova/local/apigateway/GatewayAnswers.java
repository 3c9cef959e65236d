package com.telconova.local.apigateway;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.shared.http.CrossOrigin;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Problem;
import java.util.List;
import java.util.Map;

/// What API Gateway answers by itself, as problem details like every other error.
///
/// A path that nobody has is 404, as everywhere else here; its own answer would be 403 and speak of
/// a missing token. With `Authorization: Bearer` it even looks for an AWS signature in it; whatever
/// it then says is the only thing left for `DEFAULT_4XX`, as every other kind has an answer here.
///
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
final class GatewayAnswers {

  private static final List<String> NOT_FOUND =
      List.of(
          "MISSING_AUTHENTICATION_TOKEN",
          "RESOURCE_NOT_FOUND",
          "INVALID_SIGNATURE",
          "EXPIRED_TOKEN",
          "DEFAULT_4XX");
  private static final Map<Integer, List<String>> KINDS =
      Map.of(
          400, List.of("BAD_REQUEST_PARAMETERS", "BAD_REQUEST_BODY"),
          401, List.of("UNAUTHORIZED"),
          403, List.of("INVALID_API_KEY", "ACCESS_DENIED", "WAF_FILTERED"),
          404, NOT_FOUND,
          413, List.of("REQUEST_TOO_LARGE"),
          415, List.of("UNSUPPORTED_MEDIA_TYPE"),
          429, List.of("THROTTLED", "QUOTA_EXCEEDED"),
          500,
              List.of(
                  "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR",
                  "AUTHORIZER_FAILURE", "DEFAULT_5XX"),
          502, List.of("INTEGRATION_FAILURE"),
          504, List.of("INTEGRATION_TIMEOUT"));
  private static final String AN_HOUR = "3600";

  private GatewayAnswers() {}

  static ObjectNode all() {
    var answers = JsonNodeFactory.instance.objectNode();
    KINDS.keySet().stream()
        .sorted()
        .forEach(
            status -> KINDS.get(status).forEach(kind -> answers.set(kind, answer(kind, status))));
    return answers;
  }

  private static ObjectNode answer(String kind, int status) {
    var answer = JsonNodeFactory.instance.objectNode();
    answer.put("statusCode", status);
    var headers = answer.putObject("responseParameters");
    header(headers, "Content-Type", quoted(Problem.CONTENT_TYPE));
    header(headers, "X-Request-Id", "context.requestId");
    header(headers, "Access-Control-Allow-Origin", quoted(TerraformText.ALLOWED_ORIGIN));
    header(headers, "Access-Control-Expose-Headers", quoted(CrossOrigin.EXPOSED));
    if (status == 429) {
      header(headers, "Retry-After", quoted(kind.equals("THROTTLED") ? "1" : AN_HOUR));
    }
    // The variables are put in without a look at what is around them; in a path and an id nothing
    // needs escaping.
    var problem = GatewayProblems.of(status).at("$context.path", "$context.requestId");
    answer
        .putObject("responseTemplates")
        .put("application/json", Mappers.TOLERANT.valueToTree(problem).toString());
    return answer;
  }

  private static void header(ObjectNode headers, String name, String source) {
    headers.put("gatewayresponse.header." + name, source);
  }

  private static String quoted(String value) {
    return "'" + value + "'";
  }
}
