package com.telconova.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Problem;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// What the gateway itself has to refuse, as problem details (RFC 9457) like every other error.
final class ProblemAnswers extends ErrorHandler {

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      String message,
      Throwable cause,
      Callback callback) {
    var title = HttpStatus.getMessage(code);
    var slug = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
    var problem =
        Problem.of(code, slug, title, detail(code))
            .at(request.getHttpURI().getPath(), request.getHeaders().get("X-Request-Id"));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    try {
      response.write(true, ByteBuffer.wrap(Mappers.TOLERANT.writeValueAsBytes(problem)), callback);
    } catch (JsonProcessingException e) {
      callback.failed(e);
    }
  }

  private static String detail(int code) {
    return switch (code) {
      case HttpStatus.NOT_FOUND_404 -> "No service owns this path.";
      case HttpStatus.BAD_GATEWAY_502 -> "The service behind this path does not answer; try again.";
      case HttpStatus.GATEWAY_TIMEOUT_504 ->
          "The service behind this path took too long; it may still have done its work.";
      default -> "The gateway could not pass this request on.";
    };
  }
}
