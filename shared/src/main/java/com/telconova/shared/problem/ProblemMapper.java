package com.telconova.shared.problem;

/// The one place where a [Failure] becomes a [Problem], and a bare status becomes one.
public final class ProblemMapper {
  private ProblemMapper() {}

  public static Problem map(Failure failure) {
    Problem problem = ofStatus(status(failure), failure.getMessage());
    return switch (failure) {
      case Failure.BadRequest bad -> problem.with(bad.faults());
      case Failure.Invalid invalid -> problem.with(invalid.faults());
      case Failure.Conflict conflict -> problem.with(conflict.extensions());
      case Failure.Unauthenticated unauthenticated ->
          unauthenticated.type() == null
              ? problem
              : Problem.of(401, unauthenticated.type(), problem.title(), problem.detail())
                  .with(unauthenticated.extensions());
      case Failure.Forbidden _,
          Failure.NotFound _,
          Failure.TooSlow _,
          Failure.PreconditionFailed _,
          Failure.PreconditionRequired _,
          Failure.TooLarge _,
          Failure.UnsupportedMediaType _,
          Failure.TooManyRequests _,
          Failure.Unavailable _,
          Failure.InsufficientStorage _ ->
          problem;
    };
  }

  /// The problem for a status that has no [Failure] behind it.
  ///
  /// @param detail what happened, or null for a sentence that fits the status; always ignored for
  ///   500, which reveals nothing
  public static Problem ofStatus(int status, String detail) {
    return switch (status) {
      case 400 -> of(400, "bad-request", "Bad request", detail, "The request cannot be read.");
      case 401 -> of(401, "unauthenticated", "Not authenticated", detail, "Send a valid token.");
      case 403 -> of(403, "forbidden", "Not allowed", detail, "You may not do this.");
      case 404 -> of(404, "not-found", "Not found", detail, "There is nothing here.");
      case 405 ->
          of(405, "method-not-allowed", "Method not allowed", detail, "See the Allow header.");
      case 408 -> of(408, "timeout", "Request timeout", detail, "The request came too slowly.");
      case 409 -> of(409, "conflict", "Conflict", detail, "This clashes with the current state.");
      case 412 ->
          of(412, "precondition-failed", "Precondition failed", detail, "Fetch it again first.");
      case 413 -> of(413, "too-large", "Too large", detail, "The request is too large.");
      case 414 -> of(414, "uri-too-long", "URI too long", detail, "The address is too long.");
      case 415 -> of(415, "unsupported-media-type", "Unsupported media type", detail, "Send JSON.");
      case 416 ->
          of(416, "range-not-satisfiable", "Range not satisfiable", detail, "See Content-Range.");
      case 422 -> of(422, "invalid", "Invalid", detail, "The request body breaks a rule.");
      case 428 ->
          of(428, "precondition-required", "Precondition required", detail, "Send If-Match.");
      case 429 -> of(429, "too-many-requests", "Too many requests", detail, "Try again later.");
      case 431 ->
          of(431, "headers-too-large", "Headers too large", detail, "Headers take up to 8 KiB.");
      case 505 -> of(505, "http-version", "HTTP version not supported", detail, "Speak HTTP/1.1.");
      case 503 -> of(503, "unavailable", "Unavailable", detail, "Try again in a moment.");
      case 507 ->
          of(
              507,
              "insufficient-storage",
              "Insufficient storage",
              detail,
              "There is no space left.");
      default ->
          status >= 500
              ? Problem.of(status, "internal", "Internal error", "Something failed on our side.")
              : of(status, "http-" + status, "Refused", detail, "The request was refused.");
    };
  }

  private static int status(Failure failure) {
    return switch (failure) {
      case Failure.BadRequest _ -> 400;
      case Failure.Unauthenticated _ -> 401;
      case Failure.Forbidden _ -> 403;
      case Failure.NotFound _ -> 404;
      case Failure.TooSlow _ -> 408;
      case Failure.Conflict _ -> 409;
      case Failure.PreconditionFailed _ -> 412;
      case Failure.PreconditionRequired _ -> 428;
      case Failure.TooLarge _ -> 413;
      case Failure.UnsupportedMediaType _ -> 415;
      case Failure.Invalid _ -> 422;
      case Failure.TooManyRequests _ -> 429;
      case Failure.Unavailable _ -> 503;
      case Failure.InsufficientStorage _ -> 507;
    };
  }

  private static Problem of(int status, String slug, String title, String detail, String fallback) {
    return Problem.of(status, slug, title, detail == null ? fallback : detail);
  }
}
