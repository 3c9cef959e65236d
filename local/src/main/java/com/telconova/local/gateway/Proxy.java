package com.telconova.local.gateway;

import com.telconova.local.gateway.Backend.Instance;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends requests on to an instance of their owner. An instance that refuses the connection is out
/// at once, and the request goes to another, whatever its method: nothing of it was sent. Once
/// anything was, it may have been done, and only the client knows whether it may be done twice.
final class Proxy extends ProxyHandler.Reverse {

  private static final Logger log = LoggerFactory.getLogger(Proxy.class);
  private static final String ATTEMPT = Attempt.class.getName();
  private static final Duration ANSWER = Duration.ofSeconds(29);

  private final Routes routes;
  private final Duration silence;

  /// @param last whether a refusal is final
  private record Attempt(Backend owner, Instance instance, boolean last) {}

  Proxy(Routes routes, Duration silence) {
    super(Proxy::atInstance);
    this.routes = routes;
    this.silence = silence;
    setViaHost("microflow");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var owner = routes.of(Entrance.resource(request).service());
    request.setAttribute(ATTEMPT, new Attempt(owner, owner.next(), false));
    try {
      return super.handle(request, response, callback);
    } catch (IllegalArgumentException notAUri) {
      UnreadBody.refuse(request, response, callback, HttpStatus.BAD_REQUEST_400);
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
    // What was let in with the headers that are added here; what is too much, the service says.
    client.setMaxRequestHeadersSize(Gateway.MAX_HEADER_BYTES + 1_024);
  }

  /// The services believe the last proxy only, so what a client claims is not passed on. Only a
  /// stream may be silent for longer than API Gateway waits for an answer.
  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request onward) {
    super.addProxyHeaders(request, onward);
    if (!Entrance.method(request).streams() && silence.compareTo(ANSWER) > 0) {
      onward.idleTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }
    onward.headers(headers -> {
      headers.remove(HttpHeader.FORWARDED);
      headers.put(HttpHeader.X_FORWARDED_FOR, Request.getRemoteAddr(request));
      headers.put(HttpHeader.X_FORWARDED_PROTO, "http");
      headers.put(RequestIds.HEADER, RequestIds.of(request));
    });
  }

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
      Request request, Response response, org.eclipse.jetty.client.Request onward) {
    return new Body(request);
  }

  @Override
  protected void onServerToProxyResponseFailure(
      Request request,
      org.eclipse.jetty.client.Request onward,
      org.eclipse.jetty.client.Response answer,
      Response response,
      Callback callback,
      Throwable failure) {
    if (failure instanceof TooLong) {
      UnreadBody.refuse(request, response, callback, HttpStatus.PAYLOAD_TOO_LARGE_413);
      return;
    }
    if (!(failure instanceof ConnectException) || !passedToAnother(request, response, callback)) {
      log.warn("{} {} failed: {}", onward.getMethod(), onward.getURI(), failure.toString());
      super.onServerToProxyResponseFailure(request, onward, answer, response, callback, failure);
    }
  }

  private boolean passedToAnother(Request request, Response response, Callback callback) {
    var refused = (Attempt) request.getAttribute(ATTEMPT);
    refused.owner().takeOut(refused.instance());
    var another = refused.owner().nextBut(refused.instance());
    if (refused.last() || another.isEmpty()) {
      return false;
    }
    request.setAttribute(ATTEMPT, new Attempt(refused.owner(), another.get(), true));
    return super.handle(request, response, callback);
  }

  private static HttpURI atInstance(Request request) {
    var api = ((Attempt) request.getAttribute(ATTEMPT)).instance().api();
    return HttpURI.build(request.getHttpURI())
        .scheme(api.getScheme())
        .host(api.getHost())
        .port(api.getPort());
  }

  /// More came than a request may bring, though it did not say so beforehand.
  private static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;
  }

  /// A client's body on its way to an instance. That a connection was refused is no fault of a body
  /// nobody has begun to read: the next attempt reads it.
  private static final class Body extends ProxyRequestContent {

    private volatile boolean begun;
    private long passed;

    private Body(Request request) {
      super(request);
    }

    @Override
    public Content.Chunk read() {
      begun = true;
      var chunk = super.read();
      if (chunk == null || Content.Chunk.isFailure(chunk)) {
        return chunk;
      }
      passed += chunk.remaining();
      if (passed > Entrance.MAX_BODY_BYTES) {
        chunk.release();
        return Content.Chunk.from(new TooLong());
      }
      return chunk;
    }

    @Override
    public void fail(Throwable failure) {
      // What is too long is read on by whoever says so.
      if (begun && !(failure instanceof TooLong)) {
        super.fail(failure);
      }
    }
  }
}
