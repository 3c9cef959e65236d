package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What goes on working while something around the service does not.
final class OutageIT {
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
