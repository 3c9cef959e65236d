package com.telconova.local.gateway;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A reverse proxy on 127.0.0.1 that balances over the instances of a service. Bodies stream
/// through it in both directions, unread and unbounded: limits are the services' business.
/// Thread-safe.
public final class Gateway implements AutoCloseable {

  private final Server server;
  private final HealthWatch health;

  private Gateway(Server server, HealthWatch health) {
    this.server = server;
    this.health = health;
  }

  /// Starts it; it answers when this returns.
  ///
  /// @param port 0 for a free one
  /// @param silence how long a service may stay silent within one answer before it counts as hung
  public static Gateway start(int port, Routes routes, Duration silence) {
    var threads = new QueuedThreadPool(32, 4);
    threads.setName("gateway");
    var server = new Server(threads);
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRelativeRedirectAllowed(true);
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    connector.setPort(port);
    connector.setAcceptQueueSize(1024);
    connector.setIdleTimeout(silence.plusSeconds(5).toMillis());
    server.addConnector(connector);
    server.setErrorHandler(new ProblemAnswers());
    server.setHandler(new Proxy(routes, silence));
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
    var port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    return URI.create("http://127.0.0.1:" + port);
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
}
