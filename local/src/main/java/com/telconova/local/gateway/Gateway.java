package com.telconova.local.gateway;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// What API Gateway and the load balancer behind it are on AWS, on one machine: lets in what the
/// document names, on its terms, and balances over the instances of a service. Bodies stream
/// through it in both directions, unread. Thread-safe.
public final class Gateway implements AutoCloseable {

  /// The request's first line and headers: as much as API Gateway takes. A service takes less and
  /// says so itself.
  static final int MAX_HEADER_BYTES = 10_240;

  private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

  private final Server server;
  private final HealthWatch health;

  private Gateway(Server server, HealthWatch health) {
    this.server = server;
    this.health = health;
  }

  /// Starts it on 127.0.0.1; it answers when this returns.
  ///
  /// @param port 0 for a free one
  /// @param silence how long a service may stay silent within one answer before it counts as hung:
  ///   for a stream; for any other answer at most 29 s
  public static Gateway start(int port, Routes routes, Terms terms, Duration silence) {
    return start(port, routes, Api.documented(), terms, silence);
  }

  /// As the other, on an address of this machine.
  static Gateway start(String host, int port, Routes routes, Terms terms, Duration silence) {
    return start(host, port, routes, Api.documented(), terms, silence);
  }

  static Gateway start(int port, Routes routes, Api api, Terms terms, Duration silence) {
    return start(LOOPBACK, port, routes, api, terms, silence);
  }

  private static Gateway start(
      String host, int port, Routes routes, Api api, Terms terms, Duration silence) {
    var threads = new QueuedThreadPool(32, 4);
    threads.setName("gateway");
    var server = new Server(threads);
    var entrance = new Entrance(api, terms, new Proxy(routes, silence));
    server.addConnector(connector(server, host, port, silence));
    var inside = connector(server, LOOPBACK, 0, silence);
    server.addConnector(inside);
    entrance.trust(inside);
    server.setErrorHandler(new ProblemAnswers());
    server.setHandler(entrance);
    server.setStopTimeout(1_000);
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("The gateway cannot open port " + port, e);
    }
    return new Gateway(server, new HealthWatch(routes.backends()));
  }

  /// Where it listens, without a trailing slash.
  public URI uri() {
    return at(0);
  }

  /// Where the services find each other, without a trailing slash: the same routes, without terms,
  /// as the load balancer has them on AWS.
  public URI inside() {
    return at(1);
  }

  @Override
  public void close() {
    health.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The gateway does not stop", e);
    }
  }

  private URI at(int connector) {
    var port = ((ServerConnector) server.getConnectors()[connector]).getLocalPort();
    return URI.create("http://127.0.0.1:" + port);
  }

  private static ServerConnector connector(Server server, String host, int port, Duration silence) {
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRelativeRedirectAllowed(true);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptQueueSize(1024);
    connector.setIdleTimeout(silence.plusSeconds(5).toMillis());
    // Connections that nobody uses any more end well before the stop's own timeout.
    connector.setShutdownIdleTimeout(200);
    return connector;
  }
}
