package com.telconova.shared.http;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Drainable;
import com.telconova.shared.trace.Tracing;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Javalin on Jetty with the settings of the house; each request runs on a virtual thread of its
/// own. What each setting prevents was measured; the tests beside this class show it.
public final class HttpServer implements Drainable, AutoCloseable {
  /// What the kernel keeps for a client that does not read: enough for 100 Mbit/s to a load
  /// balancer 20 ms away. Without it Linux takes up to 4 MiB each, and who stopped reading a stream
  /// is noticed only when that is full.
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final int ACCEPT_QUEUE = 1024;
  private static final int MAX_HEADER_BYTES = 8 * 1024;

  /// Longer than the 60 s for which a load balancer keeps a connection: were we to close it first,
  /// a request already on its way would be lost.
  private static final Duration IDLE_LIMIT = Duration.ofSeconds(75);

  private static final int PLATFORM_THREADS = 8;

  private final Javalin app;
  private final ServerConnector connector;

  private HttpServer(Javalin app) {
    this.app = app;
    this.connector = (ServerConnector) app.jettyServer().server().getConnectors()[0];
  }

  /// Starts listening.
  ///
  /// @param admission lets a request with a token in, giving what to run it with, or does not; see
  ///   [Door]
  /// @param routes each registers the routes of one feature
  /// @throws CannotStart when the port is taken
  public static HttpServer start(
      HttpConfig config,
      AccessControl access,
      Supplier<Optional<Executor>> admission,
      Tracing tracing,
      CollectorRegistry registry,
      List<Consumer<RoutesConfig>> routes) {
    return start(
        config, ConnectionLimits.ofProcess(), access, admission, tracing, registry, routes);
  }

  /// As the other, without tracing.
  public static HttpServer start(
      HttpConfig config,
      AccessControl access,
      Supplier<Optional<Executor>> admission,
      CollectorRegistry registry,
      List<Consumer<RoutesConfig>> routes) {
    return start(config, access, admission, Tracing.OFF, registry, routes);
  }

  static HttpServer start(
      HttpConfig config,
      ConnectionLimits limits,
      AccessControl access,
      Supplier<Optional<Executor>> admission,
      Tracing tracing,
      CollectorRegistry registry,
      List<Consumer<RoutesConfig>> routes) {
    RequestScope scope = new RequestScope(config, tracing, registry);
    Javalin app =
        Javalin.create(javalin -> {
          house(javalin, config, limits, new Door(admission, scope));
          scope.register(javalin);
          access.register(javalin.routes);
          ErrorAnswers.register(javalin);
          UnreadBody.register(javalin);
          routes.forEach(register -> register.accept(javalin.routes));
        });
    return new HttpServer(app.start());
  }

  /// The port it listens on.
  public int port() {
    return connector.getLocalPort();
  }

  /// What it serves, for tests that hold it to the documents.
  public List<Route> routes() {
    return app.unsafe.internalRouter.allHttpHandlers().stream()
        .map(parsed -> parsed.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod())
        .map(Route::of)
        .toList();
  }

  /// An operation as it was registered.
  ///
  /// @param path with its parameters in braces
  /// @param roles as the route table names them
  public record Route(String method, String path, Set<RouteRole> roles) {
    private static Route of(Endpoint endpoint) {
      Roles roles = endpoint.metadata(Roles.class);
      return new Route(
          endpoint.method.name(),
          endpoint.path,
          roles == null ? Set.of() : Set.copyOf(roles.getRoles()));
    }
  }

  /// Goes on serving: the load balancer has not noticed yet.
  @Override
  public void quiesce() {}

  /// Refuses new connections and waits for the requests in flight; those that take longer than the
  /// limit are cut.
  @Override
  public void drain(Duration limit) {
    Server server = app.jettyServer().server();
    server.setStopTimeout(limit.toMillis());
    try {
      server.stop();
    } catch (TimeoutException e) {
      log.warn("Some requests took longer than {} and were cut", limit);
    } catch (Exception e) {
      log.warn("The HTTP server did not stop cleanly", e);
    }
  }

  /// Stops at once; requests in flight are cut. [#drain] is the kind way.
  @Override
  public void close() {
    drain(Duration.ZERO);
  }

  private static void house(
      JavalinConfig javalin, HttpConfig config, ConnectionLimits limits, Door door) {
    CrossOrigin origins = new CrossOrigin(config);
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.startup.startupWatcherEnabled = false;
    javalin.http.prefer405over404 = true;
    javalin.jsonMapper(new ResponseJson());
    javalin.concurrency.useVirtualThreads = true;
    javalin.jetty.threadPool = threadPool();
    javalin.jetty.modifyServer(server -> handlers(server, door, origins));
    javalin.jetty.modifyServletContextHandler(
        handler -> handler.setDefaultResponseCharacterEncoding("utf-8"));
    javalin.jetty.modifyHttpConfiguration(HttpServer::limits);
    javalin.jetty.modifyHttpConfiguration(origins::register);
    javalin.jetty.addConnector((server, http) -> connector(server, http, config, limits));
  }

  private static QueuedThreadPool threadPool() {
    QueuedThreadPool pool = new QueuedThreadPool(PLATFORM_THREADS, 2);
    pool.setName("http");
    pool.setReservedThreads(0);
    pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("request-"));
    return pool;
  }

  /// Replaces Javalin's handlers, which count what nobody reads. Its own come in behind these.
  private static void handlers(Server server, Door door, CrossOrigin origins) {
    server.removeBean(server.getBean(LowResourceMonitor.class));
    door.setHandler(new Methods());
    server.setHandler(new GracefulHandler(door));
    server.setErrorHandler(new JettyErrors(origins));
  }

  private static void limits(HttpConfiguration http) {
    http.setUriCompliance(UriCompliance.RFC3986);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    http.setSendServerVersion(false);
    // Else each connection remembers its headers, in 98 kB: 5,000 of them would take 490 MB.
    http.setHeaderCacheSize(0);
  }

  private static Connector connector(
      Server server, HttpConfiguration http, HttpConfig config, ConnectionLimits limits) {
    ServerConnector connector =
        new ServerConnector(server, null, null, null, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(config.bindAddress());
    connector.setPort(config.port());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.setAcceptedTcpNoDelay(true);
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    connector.setIdleTimeout(IDLE_LIMIT.toMillis());
    open(connector);
    connector.addBean(new FirstRequestLimit(server.getScheduler(), limits.firstRequest()));
    connector.addBean(new NetworkConnectionLimit(limits.count(), connector));
    return connector;
  }

  /// Takes the port before anything else starts: what is taken already is said in our words.
  private static void open(ServerConnector connector) {
    try {
      connector.open();
    } catch (IOException e) {
      throw new CannotStart(
          "Port %d of %s cannot be opened: %s. Set HTTP_PORT to a free one."
              .formatted(connector.getPort(), connector.getHost(), CannotStart.reason(e)),
          e);
    }
  }
}
