package com.telconova.shared.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/// Closes a connection that has not sent one whole request head in time. The idle limit does not: a
/// byte every second starts it anew.
final class FirstRequestLimit implements Connection.Listener {
  private final Scheduler scheduler;
  private final Duration limit;
  private final Map<Connection, Scheduler.Task> pending = new ConcurrentHashMap<>();

  FirstRequestLimit(Scheduler scheduler, Duration limit) {
    this.scheduler = scheduler;
    this.limit = limit;
  }

  @Override
  public void onOpened(Connection connection) {
    pending.put(
        connection,
        scheduler.schedule(
            () -> closeUnlessServed(connection), limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void onClosed(Connection connection) {
    Scheduler.Task task = pending.remove(connection);
    if (task != null) {
      task.cancel();
    }
  }

  private void closeUnlessServed(Connection connection) {
    pending.remove(connection);
    if (connection.getMessagesIn() == 0) {
      connection.getEndPoint().close();
    }
  }
}
