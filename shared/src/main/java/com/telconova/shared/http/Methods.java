package com.telconova.shared.http;

import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Shows Javalin only methods it should see.
///
/// HEAD becomes GET, so that it is checked and answered as one; Jetty leaves the body out. Unknown
/// methods become one name, which metrics can bear and no route has: Javalin calls its own stages
/// `BEFORE` or `AFTER`, and would run them for a request with such a method.
final class Methods extends Handler.Wrapper {
  /// OpenTelemetry's name for a method that is none of HTTP's.
  static final String OTHER = "_OTHER";

  private static final Set<String> KNOWN =
      Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY");

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String method = seenAs(request.getMethod());
    return super.handle(
        method.equals(request.getMethod()) ? request : new Seen(request, method),
        response,
        callback);
  }

  /// The method as Javalin sees it.
  static String seenAs(String sent) {
    return sent.equals("HEAD") ? "GET" : KNOWN.contains(sent) ? sent : OTHER;
  }

  private static final class Seen extends Request.Wrapper {
    private final String method;

    Seen(Request request, String method) {
      super(request);
      this.method = method;
    }

    @Override
    public String getMethod() {
      return method;
    }
  }
}
