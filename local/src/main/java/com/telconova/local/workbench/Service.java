package com.telconova.local.workbench;

import com.telconova.local.steps.StepFailed;
import com.telconova.shared.testing.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// One instance of one of the three services: its process, replaced by another when it died.
/// Thread-safe.
public final class Service implements AutoCloseable {

  private static final Duration START_TIME = Duration.ofSeconds(60);

  private final String name;
  private final int instance;
  private final URI url;
  private final URI adminUrl;
  private final Supplier<ChildProcess> start;
  private volatile ChildProcess process;
  private boolean closed;

  /// Starts its first process; it is not ready yet.
  ///
  /// @param instance from 1
  Service(String name, int instance, Ports ports, Supplier<ChildProcess> start) {
    this.name = name;
    this.instance = instance;
    this.url = ports.apiUrl(name, instance);
    this.adminUrl = ports.adminUrl(name, instance);
    this.start = start;
    this.process = start.get();
  }

  /// `auth`, `workorder` or `tracking`.
  public String name() {
    return name;
  }

  /// Its number, from 1.
  public int instance() {
    return instance;
  }

  /// What people call it: its name, which from the second instance on has the number behind it.
  public String label() {
    return label(name, instance);
  }

  static String label(String name, int instance) {
    return instance == 1 ? name : name + "-" + instance;
  }

  /// Its API, without a trailing slash.
  public URI url() {
    return url;
  }

  /// Its health and metrics, without a trailing slash.
  public URI adminUrl() {
    return adminUrl;
  }

  /// Its process's number at the moment.
  public long pid() {
    return process.pid();
  }

  /// Its log at the moment.
  public Path log() {
    return process.log();
  }

  /// Whether its process runs.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// The last words of its process, for people, oldest first.
  public List<String> lastWords() {
    return LogTail.readable(process.lastLines(8));
  }

  /// Waits until it serves requests.
  ///
  /// @throws StartFailed if it ends instead, or past a minute
  public void awaitReady() {
    var current = process;
    long deadline = System.nanoTime() + START_TIME.toNanos();
    try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
      while (System.nanoTime() < deadline) {
        if (isReady(client)) {
          return;
        }
        if (current.process().waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new StartFailed(label() + " ended while starting; its log is " + log());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StartFailed(
        label() + " was not ready after " + START_TIME.toSeconds() + " s; its log is " + log());
  }

  /// Asks its process to end, and waits until it has. One that has ended already is fine.
  ///
  /// @throws StepFailed past the time; it may still be writing something
  public void stop(Duration patience) throws InterruptedException {
    var current = process.process();
    if (!current.isAlive()) {
      return;
    }
    signal("TERM");
    if (!current.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new StepFailed(
          "%s did not end in %d s; its log is %s".formatted(label(), patience.toSeconds(), log()));
    }
  }

  /// Waits until the present process has ended, and tells with which exit code.
  public int awaitEnd() throws InterruptedException {
    return process.process().waitFor();
  }

  /// Sends its process a signal.
  ///
  /// @param name without SIG: KILL, STOP, CONT, TERM
  public void signal(String name) throws InterruptedException {
    process.signal(name);
  }

  /// Whether it takes work at the moment, as it says itself.
  public boolean isReady() {
    try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
      return isReady(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Starts another process in place of one that ended; one that still runs is stopped before.
  ///
  /// @return false if the service was closed meanwhile
  public synchronized boolean restart() {
    if (closed) {
      return false;
    }
    process.close();
    process = start.get();
    return true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    process.close();
  }

  private boolean isReady(HttpClient client) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(adminUrl.resolve("/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }
}
