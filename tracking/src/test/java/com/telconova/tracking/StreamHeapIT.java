package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.ServiceProcess;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// What a stream that waits keeps of the heap: ten thousand of them are to fit into a small task.
final class StreamHeapIT {
  private static final List<String> FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");
  private static final int ORDERS = Rounds.of(20, 100);
  private static final int FOLLOWERS = 20;
  private static final int CLIENTS = ORDERS * FOLLOWERS;
  private static final int MAX_BYTES = 12 * 1024; // with a thread for each it was 31,800

  private final Jdbi database = Jdbi.create(Bench.get().adminUrl());

  @Test
  void a_stream_that_waits_keeps_little_of_the_heap() {
    List<UUID> orders =
        Stream.generate(() -> TrackingFixture.orderOf(database, UUID.randomUUID()))
            .limit(ORDERS)
            .toList();
    try (Tokens tokens = Tokens.open();
        ServiceProcess service =
            ServiceProcess.start(
                "tracking",
                FLAGS,
                TrackingFixture.environment(tokens, URI.create("http://127.0.0.1:1"), 1))) {
      try (StreamCrowd crowd = crowd(service, orders.subList(0, 2), tokens)) {
        open(service, crowd, 2 * FOLLOWERS);
        long before = live(service);
        try (StreamCrowd more = crowd(service, orders, tokens)) {
          open(service, more, 2 * FOLLOWERS + CLIENTS);

          long after = live(service);
          long each = (after - before) / CLIENTS;
          System.out.printf("%d streams: %d bytes of the heap each%n", CLIENTS, each);
          assertThat(each).isLessThan(MAX_BYTES);
        }
      }
    }
  }

  private static StreamCrowd crowd(ServiceProcess service, List<UUID> orders, Tokens tokens) {
    return new StreamCrowd(
        service.port(),
        orders,
        FOLLOWERS,
        orders.size(),
        0,
        _ -> tokens.issue(UUID.randomUUID(), Role.SUPERVISOR));
  }

  private static void open(ServiceProcess service, StreamCrowd crowd, int count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> service.metric("sse_clients"), clients -> clients == count);
  }

  /// Bytes of the heap that are reachable: the last line of a histogram, which collects before.
  private static long live(ServiceProcess service) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd");
    try (Stream<String> lines =
        new ProcessBuilder(jcmd.toString(), Long.toString(service.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start()
            .inputReader()
            .lines()) {
      String total = lines.reduce("", (_, line) -> line);
      assertThat(total).startsWith("Total");
      return Long.parseLong(total.substring(total.lastIndexOf(' ') + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
