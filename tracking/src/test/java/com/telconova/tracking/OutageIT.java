package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.token.Role;
import com.telconova.tracking.notification.mail.ScriptedSmtpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What goes on working while something around the service does not.
final class OutageIT {
  private static final Duration SLOW = Duration.ofSeconds(Rounds.of(1, 8));
  private static final Duration DOWN = Duration.ofSeconds(Rounds.of(1, 120));
  private static final int REQUESTS = Rounds.of(100, 500);

  private final UUID technician = UUID.randomUUID();

  @Test
  void without_mail_and_store_the_service_is_ready_and_tracks() {
    Map<String, String> nowhere =
        Map.of("SMTP_URL", "smtp://127.0.0.1:1", "EVIDENCE_BUCKET", "microflow-nowhere");
    try (TrackingFixture fixture = TrackingFixture.start(nowhere);
        Api admin = new Api(fixture.app.adminPort())) {
      String token = fixture.tokens.issue(technician, Role.TECHNICIAN);
      UUID order = fixture.orderOf(technician);

      Api.Answer upload = fixture.upload(order, token, "AFTER", "a.jpg", Samples.JPEG);
      Api.Answer update =
          fixture.api.post("/tracking/" + order + "/update", token, "{\"kind\": \"ARRIVED\"}");

      assertThat(upload.status()).isEqualTo(503);
      assertThat(Integer.parseInt(upload.header("Retry-After"))).isPositive();
      assertThat(update.status()).isEqualTo(201);
      assertThat(admin.get("/health/ready", null).status()).isEqualTo(200);
    }
  }

  @Test
  void a_file_whose_row_cannot_be_written_is_removed_again() throws Exception {
    Path directory = Bench.get().folder().resolve("evidence-outage");
    Map<String, String> files =
        Map.of("EVIDENCE_STORE", "file", "EVIDENCE_DIRECTORY", directory.toString());
    try (TrackingFixture fixture = TrackingFixture.start(files)) {
      String token = fixture.tokens.issue(technician, Role.TECHNICIAN);
      UUID order = fixture.orderOf(technician);

      // Somebody holds the order's chain for longer than we wait for a lock.
      Api.Answer upload =
          fixture.database.inTransaction(handle -> {
            handle.execute(
                "insert into tracking.timeline_head values (?, 0, decode(repeat('00', 32), 'hex'))",
                order);
            return fixture.upload(order, token, "AFTER", "a.jpg", Samples.JPEG);
          });

      assertThat(upload.status()).isEqualTo(503);
      try (Stream<Path> left = Files.walk(directory)) {
        assertThat(left.filter(Files::isRegularFile)).isEmpty();
      }
      assertThat(fixture.upload(order, token, "AFTER", "a.jpg", Samples.JPEG).status())
          .isEqualTo(201);
    }
  }

  @Test
  void without_workorder_known_orders_go_on_and_unknown_ones_are_put_off() {
    try (TrackingFixture fixture = TrackingFixture.start()) {
      String token = fixture.tokens.issue(technician, Role.TECHNICIAN);
      UUID known = fixture.orderOf(technician);
      UUID unknown = UUID.randomUUID();
      fixture.workorder.put(unknown, UUID.randomUUID(), technician, "IN_PROGRESS", 3);
      fixture.workorder.down(true);

      for (int i = 0; i < 6; i++) { // also once the circuit is open
        Api.Answer putOff =
            fixture.api.post("/tracking/" + unknown + "/update", token, "{\"kind\": \"ARRIVED\"}");
        assertThat(putOff.status()).isEqualTo(503);
        assertThat(Integer.parseInt(putOff.header("Retry-After"))).isPositive();
        assertThat(fixture.api.get("/tracking/" + unknown, token).status()).isEqualTo(503);
        assertThat(fixture.api.get("/tracking/" + known, token).status()).isEqualTo(200);
      }
      assertThat(
              fixture
                  .api
                  .post("/tracking/" + known + "/update", token, "{\"kind\": \"ARRIVED\"}")
                  .status())
          .isEqualTo(201);
      assertThat(fixture.upload(known, token, "AFTER", "a.jpg", Samples.JPEG).status())
          .isEqualTo(201);
    }
  }

  @Test
  void whatever_the_mail_server_does_requests_are_served() throws Exception {
    try (ScriptedSmtpServer server = new ScriptedSmtpServer();
        TrackingFixture fixture =
            TrackingFixture.start(Map.of("SMTP_URL", "smtp://127.0.0.1:" + server.port()))) {
      server.dawdle(SLOW);
      OrderStory slow = tell(fixture);
      await().atMost(Duration.ofSeconds(10)).until(() -> server.taken() == 1);
      double whileSlow = p99Millis(fixture, REQUESTS);
      await().atMost(SLOW.plusSeconds(10)).until(() -> hasCome(fixture, slow, "SENT"));

      server.dawdle(Duration.ZERO).answer("RCPT", "450 4.2.1 try later");
      OrderStory deferred = tell(fixture);
      await().until(() -> hasCome(fixture, deferred, "PENDING 450 4.2.1 try later"));
      double whileDeferring = p99Millis(fixture, REQUESTS);
      server.answer("RCPT", "250 ok");
      await().atMost(Duration.ofSeconds(30)).until(() -> hasCome(fixture, deferred, "SENT"));

      server.answer("RCPT", "550 5.1.1 no such user");
      OrderStory refused = tell(fixture);
      await().until(() -> hasCome(fixture, refused, "FAILED 550 5.1.1 no such user"));
      double whileRefusing = p99Millis(fixture, REQUESTS);

      server.answer("RCPT", "250 ok");
      server.stop();
      OrderStory down = tell(fixture);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> hasCome(fixture, down, "PENDING No mail server"));
      long until = System.nanoTime() + DOWN.toNanos();
      double whileDown = 0;
      do {
        whileDown = Math.max(whileDown, p99Millis(fixture, REQUESTS));
        assertThat(fixture.notified(down.order)).startsWith("PENDING No mail server");
      } while (System.nanoTime() < until);
      try (ScriptedSmtpServer _ = new ScriptedSmtpServer(server.port())) {
        await().atMost(Duration.ofSeconds(30)).until(() -> hasCome(fixture, down, "SENT"));
      }

      System.out.printf(
          "p99 of %d requests while the mail server takes %d s: %.0f ms, says 4xx: %.0f ms, says 5xx: "
              + "%.0f ms, is down for %d s: %.0f ms%n",
          REQUESTS,
          SLOW.toSeconds(),
          whileSlow,
          whileDeferring,
          whileRefusing,
          DOWN.toSeconds(),
          whileDown);
      assertThat(List.of(whileSlow, whileDeferring, whileRefusing, whileDown))
          .allSatisfy(p99 -> assertThat(p99).isLessThan(1_000));
    }
  }

  private static OrderStory tell(TrackingFixture fixture) {
    OrderStory story = new OrderStory();
    fixture.know(story.customer);
    fixture.publish("workorder", story.created());
    return story;
  }

  private static boolean hasCome(TrackingFixture fixture, OrderStory story, String how) {
    return fixture.notified(story.order).startsWith(how);
  }

  /// Of reading a timeline, one request after another.
  private double p99Millis(TrackingFixture fixture, int requests) {
    String token = fixture.token(Role.SUPERVISOR);
    UUID order = fixture.orderOf(technician);
    long[] nanos = new long[requests];
    for (int i = 0; i < requests; i++) {
      long begin = System.nanoTime();
      assertThat(fixture.api.get("/tracking/" + order, token).status()).isEqualTo(200);
      nanos[i] = System.nanoTime() - begin;
    }
    Arrays.sort(nanos);
    return nanos[requests * 99 / 100] / 1e6;
  }

  @Test
  void mail_that_could_not_go_out_goes_when_the_server_is_back() throws Exception {
    int port = freePort();
    GreenMail server = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
    try (TrackingFixture fixture =
        TrackingFixture.start(Map.of("SMTP_URL", "smtp://127.0.0.1:" + port))) {
      OrderStory story = new OrderStory();
      fixture.know(story.customer);
      fixture.publish("workorder", story.created());
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> fixture.notified(story.order).startsWith("PENDING No mail server"));

      server.start();

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> fixture.notified(story.order).startsWith("SENT"));
      assertThat(server.getReceivedMessages()).hasSize(1);
    } finally {
      server.stop();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void a_start_that_fails_half_way_leaves_no_thread_behind() {
    Map<String, String> wrong = Map.of("TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:none");

    assertThatThrownBy(() -> TrackingFixture.start(wrong))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("TOPIC_ARN");

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("outbox-relay", "notification-sender");
  }
}
