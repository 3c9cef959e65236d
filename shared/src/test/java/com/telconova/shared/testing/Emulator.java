package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// SNS, SQS and S3 on a free port of 127.0.0.1, in memory: the `fauxqs` npm package as a child
/// process. Tests may share one, each with its own [Topology#unique]. Thread-safe once started.
public final class Emulator implements AutoCloseable {

  private static final String ANNOUNCEMENT = "listening on ";
  private static final Duration START_TIME = Duration.ofSeconds(60);

  private final ChildProcess process;
  private final URI endpoint;

  private Emulator(ChildProcess process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /// Starts one that has no topics or queues yet and waits until it answers; the first time ever,
  /// npm fetches it (some seconds).
  ///
  /// @param log takes its output
  /// @throws MissingPrerequisite without Node.js or npm
  public static Emulator start(Checkout checkout, Path log, Lifeline lifeline) {
    var packages = new NodePackages(checkout, lifeline);
    var node = packages.node();
    var folder = packages.emulator();
    var process =
        ChildProcess.start(
            "emulator",
            List.of(node, folder.resolve("start.mjs").toString()),
            folder,
            Map.of(),
            log,
            new ChildProcess.Stop("TERM", Duration.ofSeconds(5)),
            lifeline);
    try {
      return new Emulator(process, awaitAnnouncement(process));
    } catch (RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /// The base URL for every AWS client: `endpointOverride`. Region us-east-1, any credentials; S3
  /// needs path-style access.
  public URI endpoint() {
    return endpoint;
  }

  /// The process's number.
  public long pid() {
    return process.pid();
  }

  /// False once it ended.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Makes a topology's topics, queues, subscriptions and bucket; those that exist stay as they
  /// are.
  public void create(Topology topology) {
    var request =
        HttpRequest.newBuilder(endpoint.resolve("/_microflow/topology"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(topology.json()))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("The emulator refused the topology: " + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while making queues", e);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  // It chooses its port itself, so nobody can take it in between, and says so when it listens.
  private static URI awaitAnnouncement(ChildProcess process) {
    long deadline = System.nanoTime() + START_TIME.toNanos();
    while (System.nanoTime() < deadline) {
      var lines = process.lastLines(20);
      for (var line : lines) {
        if (line.startsWith(ANNOUNCEMENT)) {
          return URI.create(line.substring(ANNOUNCEMENT.length()).strip());
        }
      }
      try {
        if (process.process().waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(
              "The emulator did not start: "
                  + String.join(" ", lines)
                  + " ("
                  + process.log()
                  + ")");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while the emulator starts", e);
      }
    }
    throw new IllegalStateException("The emulator did not start in 60 s: " + process.log());
  }
}
