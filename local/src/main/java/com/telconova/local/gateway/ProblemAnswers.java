package com.telconova.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.local.apigateway.GatewayProblems;
import com.telconova.shared.http.CrossOrigin;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Problem;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
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
    var id = RequestIds.of(request);
    var problem = GatewayProblems.of(code).at(request.getHttpURI().getPath(), id);
    response
        .getHeaders()
        .put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE)
        .put(RequestIds.HEADER, id)
        .put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, CrossOrigin.EXPOSED);
    try {
      response.write(true, ByteBuffer.wrap(Mappers.TOLERANT.writeValueAsBytes(problem)), callback);
    } catch (JsonProcessingException e) {
      callback.failed(e);
    }
  }
}
