package com.telconova.shared.http;

import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.problem.ProblemMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.ServletContextResponse;
import org.eclipse.jetty.http.HttpException;
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
    javalin.router.javaLangErrorHandler(ErrorAnswers::error);
  }

  private static void failure(Failure failure, Context ctx) {
    switch (failure) {
      case Failure.Unauthenticated _ ->
          ctx.header("WWW-Authenticate", "Bearer realm=\"microflow\"");
      case Failure.TooManyRequests tooMany -> retryAfter(ctx, tooMany.retryAfter());
      case Failure.Unavailable unavailable -> {
        retryAfter(ctx, unavailable.retryAfter());
        if (unavailable.getCause() != null) {
          log.warn("Answered 503: {}", CannotStart.reason(unavailable));
        }
      }
      case Failure.InsufficientStorage full ->
          log.error("Answered 507: {}", CannotStart.reason(full));
      case Failure.BadRequest _,
          Failure.Invalid _,
          Failure.Forbidden _,
          Failure.NotFound _,
          Failure.TooSlow _,
          Failure.Conflict _,
          Failure.PreconditionFailed _,
          Failure.PreconditionRequired _,
          Failure.TooLarge _,
          Failure.UnsupportedMediaType _ -> {}
    }
    answer(ctx, ProblemMapper.map(failure));
  }

  /// Whole seconds, rounded up: who comes back then is not too early.
  private static void retryAfter(Context ctx, Duration wait) {
    long seconds = wait.plusSeconds(1).minusNanos(1).toSeconds();
    ctx.header("Retry-After", Long.toString(Math.max(1, seconds)));
  }

  private static void javalin(HttpResponseException thrown, Context ctx) {
    String detail = null;
    if (thrown instanceof MethodNotAllowedResponse notAllowed) {
      String allow = allow(notAllowed);
      ctx.header("Allow", allow);
      detail = "This path does not take " + ctx.req().getMethod() + "; it takes " + allow + ".";
    } else if (thrown.getStatus() == 404) {
      detail = "There is no operation with this path; the API's document lists those there are.";
    }
    answer(ctx, ProblemMapper.ofStatus(thrown.getStatus(), detail));
  }

  private static void unexpected(Exception thrown, Context ctx) {
    if (thrown instanceof HttpException jetty && jetty.getCode() < 500) {
      answer(ctx, ProblemMapper.ofStatus(jetty.getCode(), null));
      return;
    }
    DatabaseFaults.unavailable(thrown)
        .ifPresentOrElse(
            unavailable -> failure(unavailable, ctx),
            () -> {
              log.error("{} {} failed", ctx.method(), ctx.path(), thrown);
              answer(ctx, ProblemMapper.ofStatus(500, null));
            });
  }

  /// Such as a stack that overflowed: Javalin has no context left for it.
  private static void error(HttpServletResponse response, Error thrown) {
    log.error("A request ended in an error", thrown);
    try {
      if (isOnItsWay(response)) {
        breakOff(response);
        return;
      }
      response.setStatus(500);
      response.setContentType(Problem.CONTENT_TYPE);
      Problem problem =
          ProblemMapper.ofStatus(500, null).at(null, response.getHeader(RequestScope.REQUEST_ID));
      response.getOutputStream().write(Mappers.TOLERANT.writeValueAsBytes(problem));
    } catch (IOException e) {
      log.debug("The client is gone", e);
    }
  }

  /// Whether some of the answer cannot be taken back; what can is dropped.
  private static boolean isOnItsWay(HttpServletResponse response) {
    if (response.isCommitted() || response.containsHeader("Content-Encoding")) {
      return true;
    }
    response.resetBuffer();
    return false;
  }

  /// Closes the connection: part of an answer is with the client already, and must not look like
  /// the whole of it.
  private static void breakOff(HttpServletResponse response) {
    ServletContextResponse.getServletContextResponse(response)
        .getRequest()
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .close();
  }

  private static String allow(MethodNotAllowedResponse response) {
    return response.getDetails().values().stream().collect(Collectors.joining(", "));
  }

  private static void answer(Context ctx, Problem problem) {
    try {
      if (isOnItsWay(ctx.res())) {
        breakOff(ctx.res());
        return;
      }
      ctx.status(problem.status());
      ctx.contentType(Problem.CONTENT_TYPE);
      ctx.result(
          Mappers.TOLERANT.writeValueAsBytes(
              problem.at(ctx.path(), ctx.attribute(RequestScope.REQUEST_ID))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
