package com.telconova.shared.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Server;

/// Closes a connection that has not sent one whole request head in time. The idle limit does not: a
/// byte every second starts it anew.
final class FirstRequestLimit implements Connection.Listener {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Server server;

  FirstRequestLimit(Server server) {
    this.server = server;
  }

  @Override
  public void onOpened(Connection connection) {
    server
        .getScheduler()
        .schedule(() -> closeUnlessServed(connection), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void onClosed(Connection connection) {}

  private static void closeUnlessServed(Connection connection) {
    if (connection.getMessagesIn() == 0) {
      connection.getEndPoint().close();
    }
  }
}
