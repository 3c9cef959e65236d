package com.telconova.local.gateway;

import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Sends requests on to their owners.
final class Proxy extends ProxyHandler.Reverse {

  private static final String OWNER = Proxy.class.getName() + ".owner";

  private final Routes routes;
  private final Duration silence;

  Proxy(Routes routes, Duration silence) {
    super(Proxy::atOwner);
    this.routes = routes;
    this.silence = silence;
    setViaHost("microflow");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var owner = routes.owner(request.getHttpURI().getCanonicalPath());
    if (owner.isEmpty()) {
      Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      return true;
    }
    request.setAttribute(OWNER, owner.get());
    try {
      return super.handle(request, response, callback);
    } catch (IllegalArgumentException notAUri) {
      Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
      return true;
    }
  }

  @Override
  protected void configureHttpClient(HttpClient client) {
    super.configureHttpClient(client);
    client.setUserAgentField(null);
    client.setConnectTimeout(2_000);
    client.setIdleTimeout(silence.toMillis());
    // One connection per request in flight, event streams included.
    client.setMaxConnectionsPerDestination(1_024);
    client.setMaxRequestsQueuedPerDestination(1_024);
  }

  /// The services believe the last proxy only, so what a client claims is not passed on.
  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request onward) {
    super.addProxyHeaders(request, onward);
    onward.headers(headers -> {
      headers.remove(HttpHeader.FORWARDED);
      headers.put(HttpHeader.X_FORWARDED_FOR, Request.getRemoteAddr(request));
      headers.put(HttpHeader.X_FORWARDED_PROTO, "http");
    });
  }

  private static HttpURI atOwner(Request request) {
    var owner = (URI) request.getAttribute(OWNER);
    return HttpURI.build(request.getHttpURI())
        .scheme(owner.getScheme())
        .host(owner.getHost())
        .port(owner.getPort());
  }
}
