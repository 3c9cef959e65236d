package com.telconova.local.apigateway;

import com.telconova.shared.problem.Problem;
import com.telconova.shared.problem.ProblemMapper;

/// What a gateway itself refuses, in the words that both gateways use.
public final class GatewayProblems {
  private GatewayProblems() {}

  /// The problem of a status, without path and id.
  public static Problem of(int status) {
    return switch (status) {
      case 400 -> house(400, "The request cannot be read: its address or its body is malformed.");
      case 403 -> house(403, "Send the header x-api-key with a key that counts here.");
      case 404 -> house(404, "No service has this path.");
      case 413 -> house(413, "A request takes up to 10 MB.");
      case 429 -> house(429, "Too many requests of this kind, or by this key; try again shortly.");
      case 502 ->
          Problem.of(
              502,
              "bad-gateway",
              "Bad gateway",
              "The service behind this path does not answer; try again.");
      case 504 ->
          Problem.of(
              504,
              "gateway-timeout",
              "Gateway timeout",
              "The service behind this path took too long; it may still have done its work.");
      default -> house(status, null);
    };
  }

  private static Problem house(int status, String detail) {
    return ProblemMapper.ofStatus(status, detail);
  }
}
