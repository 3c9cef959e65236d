package com.telconova.shared.http;

import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.problem.ProblemMapper;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Jetty's own errors (a malformed request line, headers beyond the limit, …) as problem+json.
final class JettyErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Problem problem =
        ProblemMapper.ofStatus(response.getStatus(), null)
            .at(request.getHttpURI().getPath(), response.getHeaders().get("X-Request-Id"));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.write(true, ByteBuffer.wrap(Mappers.TOLERANT.writeValueAsBytes(problem)), callback);
    return true;
  }
}
