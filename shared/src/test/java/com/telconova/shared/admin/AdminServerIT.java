package com.telconova.shared.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Readiness;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdminServerIT {
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Readiness readiness = new Readiness();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer admin;

  @BeforeEach
  void start() {
    admin = AdminServer.start(config(0), readiness, registry);
  }

  @AfterEach
  void stop() {
    admin.close();
    client.close();
  }

  private static HttpConfig config(int port) {
    return new HttpConfig("127.0.0.1", 0, port, Set.of(), Duration.ZERO);
  }

  @Test
  void alive_from_the_first_moment_and_ready_when_it_is_said_so() throws Exception {
    readiness.require("database", () -> Optional.of("does not answer"));

    assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/health/ready").statusCode()).isEqualTo(503);
    readiness.ready();
    HttpResponse<String> down = send("GET", "/health/ready");

    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.body())
        .contains("\"status\":\"DOWN\"")
        .contains("\"faults\":{\"database\":\"does not answer\"}");
    assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void metrics_are_in_the_text_format() throws Exception {
    Counter.build("things_total", "Things.").register(registry).inc(3);

    HttpResponse<String> response = send("GET", "/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body()).contains("\nthings_total 3.0\n");
  }

  @Test
  void other_paths_and_methods_are_refused() throws Exception {
    assertThat(send("GET", "/").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/metrics/x").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/health").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(send("POST", "/metrics").headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(send("HEAD", "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void a_taken_port_is_said_in_one_line() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> AdminServer.start(config(taken.getLocalPort()), readiness, registry))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("ADMIN_PORT")
          .hasMessageContaining(Integer.toString(taken.getLocalPort()))
          .hasMessageNotContaining("\n");
    }
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + path))
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
