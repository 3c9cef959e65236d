package com.telconova.shared.http;

import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Problem;
import com.telconova.shared.problem.ProblemMapper;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Jetty's own errors (a malformed request line, headers beyond the limit, a request while it
/// stops, …) as problem+json.
final class JettyErrors extends ErrorHandler {
  /// What Jetty calls the address of a request whose first line it could not read.
  private static final String UNREADABLE = "/badMessage";

  /// Jetty's own 400 are about what comes before the body.
  private static final String MALFORMED =
      "The first line, the address or a header of the request is malformed; a path takes no encoded"
          + " slashes, dot segments or control characters.";

  private final CrossOrigin origins;

  JettyErrors(CrossOrigin origins) {
    this.origins = origins;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    HttpFields.Mutable headers = response.getHeaders();
    String id = headers.get(RequestScope.REQUEST_ID);
    if (id == null) {
      id = RequestScope.id(request.getHeaders().get(RequestScope.REQUEST_ID));
      headers.put(RequestScope.REQUEST_ID, id);
    }
    if (response.getStatus() == HttpStatus.SERVICE_UNAVAILABLE_503) {
      headers.put(HttpHeader.RETRY_AFTER, "1");
    }
    headers.put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    // What Jetty refuses while it reads a request has not come past the customizers.
    origins.mark(headers);
    String path = request.getHttpURI().getPath();
    Problem problem =
        ProblemMapper.ofStatus(
                response.getStatus(),
                response.getStatus() == HttpStatus.BAD_REQUEST_400 ? MALFORMED : null)
            .at(UNREADABLE.equals(path) ? null : path, id);
    response.write(true, ByteBuffer.wrap(Mappers.TOLERANT.writeValueAsBytes(problem)), callback);
    return true;
  }
}
