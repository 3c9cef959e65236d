package com.telconova.shared.http;

import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.problem.ProblemMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns everything thrown into problem+json, and logs what is our fault, once.
final class ErrorAnswers {
  private static final Logger log = LoggerFactory.getLogger(ErrorAnswers.class);

  private ErrorAnswers() {}

  static void register(JavalinConfig javalin) {
    javalin.routes.exception(Failure.class, ErrorAnswers::failure);
    javalin.routes.exception(HttpResponseException.class, ErrorAnswers::javalin);
    javalin.routes.exception(Exception.class, ErrorAnswers::unexpected);
    javalin.router.javaLangErrorHandler((response, error) -> {
      log.error("A request ended in an error", error);
      response.setStatus(500);
    });
  }

  private static void failure(Failure failure, Context ctx) {
    switch (failure) {
      case Failure.Unauthenticated _ ->
          ctx.header("WWW-Authenticate", "Bearer realm=\"microflow\"");
      case Failure.Unavailable unavailable -> {
        ctx.header("Retry-After", Long.toString(Math.max(1, unavailable.retryAfter().toSeconds())));
        if (unavailable.getCause() != null) {
          log.warn("Answered 503: {}", unavailable.getMessage(), unavailable.getCause());
        }
      }
      case Failure.BadRequest _,
          Failure.Invalid _,
          Failure.Forbidden _,
          Failure.NotFound _,
          Failure.Conflict _,
          Failure.PreconditionFailed _,
          Failure.PreconditionRequired _,
          Failure.TooLarge _,
          Failure.UnsupportedMediaType _ -> {}
    }
    answer(ctx, ProblemMapper.map(failure));
  }

  private static void javalin(HttpResponseException thrown, Context ctx) {
    if (thrown instanceof MethodNotAllowedResponse notAllowed) {
      ctx.header("Allow", allow(notAllowed));
    }
    answer(ctx, ProblemMapper.ofStatus(thrown.getStatus(), null));
  }

  private static void unexpected(Exception thrown, Context ctx) {
    DatabaseFaults.unavailable(thrown)
        .ifPresentOrElse(
            unavailable -> failure(unavailable, ctx),
            () -> {
              log.error("{} {} failed", ctx.method(), ctx.path(), thrown);
              answer(ctx, ProblemMapper.ofStatus(500, null));
            });
  }

  private static String allow(MethodNotAllowedResponse response) {
    return response.getDetails().values().stream().collect(Collectors.joining(", "));
  }

  private static void answer(Context ctx, Problem problem) {
    ctx.status(problem.status());
    ctx.json(problem.at(ctx.path(), ctx.attribute(RequestScope.REQUEST_ID)));
    ctx.contentType(Problem.CONTENT_TYPE);
  }
}
