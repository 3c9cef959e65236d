package com.telconova.local.gateway;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;

/// The id of a request: the client's, when it is one, or a new one. It goes to the service, which
/// answers and logs with it, and into what the gateway itself refuses.
final class RequestIds {

  static final String HEADER = "X-Request-Id";

  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String ATTRIBUTE = RequestIds.class.getName();

  private RequestIds() {}

  /// The same for every call with the same request.
  static String of(Request request) {
    if (request.getAttribute(ATTRIBUTE) instanceof String known) {
      return known;
    }
    var sent = request.getHeaders().get(HEADER);
    var id =
        sent != null && SAFE.matcher(sent).matches()
            ? sent
            : UuidCreator.getTimeOrderedEpochFast().toString();
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }
}
