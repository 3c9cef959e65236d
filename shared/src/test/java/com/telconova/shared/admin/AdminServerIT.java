package com.telconova.shared.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.jfr.JfrConfig;
import com.telconova.shared.jfr.Recorder;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Readiness;
import com.telconova.shared.os.ProcessCollector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdminServerIT {
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Readiness readiness = new Readiness();
  private final HttpClient client = HttpClient.newHttpClient();
  private Recorder recorder;
  private AdminServer admin;

  @TempDir private Path folder;

  @BeforeEach
  void start() {
    recorder =
        Recorder.start(
            "things",
            new JfrConfig(true, 4, Duration.ofMinutes(1)),
            service -> new ProcessCollector().record(service));
    admin = AdminServer.start(config(0), readiness, registry, () -> recorder);
  }

  @AfterEach
  void stop() {
    admin.close();
    recorder.close();
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
      assertThatThrownBy(() ->
              AdminServer.start(config(taken.getLocalPort()), readiness, registry, () -> recorder))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("ADMIN_PORT")
          .hasMessageContaining(Integer.toString(taken.getLocalPort()))
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void a_recording_of_the_next_seconds_is_a_file_with_the_service_and_the_time() throws Exception {
    long began = System.nanoTime();
    HttpResponse<Path> response = download("/jfr?seconds=1");

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(response.headers().firstValue("Content-Disposition").orElseThrow())
        .matches("attachment; filename=\"things-\\d{8}T\\d{6}Z\\.jfr\"");
    assertThat(RecordingFile.readAllEvents(response.body()))
        .extracting(event -> event.getEventType().getName())
        .contains("jdk.CPULoad", "jdk.ActiveRecording");
  }

  @Test
  void zero_seconds_are_what_the_always_on_recording_holds() throws Exception {
    HttpResponse<Path> response = download("/jfr?seconds=0");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(RecordingFile.readAllEvents(response.body())).isNotEmpty();
    recorder.close();
    HttpResponse<String> none = send("GET", "/jfr?seconds=0");
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(none.headers().firstValue("Content-Disposition")).isEmpty();
  }

  @Test
  void a_bad_number_of_seconds_is_a_bad_request_that_says_which_are_good() throws Exception {
    for (String query :
        List.of("301", "-1", "1.5", "", "x", "1&seconds=2", "1&filter=x", "9999999999")) {
      HttpResponse<String> response = send("GET", "/jfr?seconds=" + query);

      assertThat(response.statusCode()).as(query).isEqualTo(400);
      assertThat(response.body()).contains("urn:microflow:problem:bad-request", "1 to 300");
    }
    assertThat(send("GET", "/jfr?minutes=1").statusCode()).isEqualTo(400);
    assertThat(send("HEAD", "/jfr").statusCode()).isEqualTo(200);
    assertThat(send("POST", "/jfr?seconds=1").statusCode()).isEqualTo(405);
  }

  @Test
  void one_recording_at_a_time_and_a_client_that_leaves_ends_its_own() throws Exception {
    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), admin.port())) {
      first
          .getOutputStream()
          .write("GET /jfr?seconds=300 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      await().until(AdminServerIT::isRecordingOnDemand);

      HttpResponse<String> second = send("GET", "/jfr?seconds=1");
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body())
          .containsPattern("Another recording is being taken; it ends in (29\\d|300) s");
      assertThat(send("GET", "/metrics").statusCode()).isEqualTo(200);
    }

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> send("GET", "/jfr?seconds=1").statusCode() == 200);
  }

  @Test
  void a_stop_does_not_wait_for_a_recording() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), admin.port())) {
      client
          .getOutputStream()
          .write("GET /jfr?seconds=300 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      await().until(AdminServerIT::isRecordingOnDemand);

      assertThatCode(() -> assertTimeoutPreemptively(Duration.ofSeconds(5), admin::close))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void threads_are_told_as_text_or_json_with_virtual_ones() throws Exception {
    // The JVM tells of the virtual threads of executors; whoever serves this is one of them.
    HttpResponse<String> text = send("GET", "/threads");
    HttpResponse<String> json = send("GET", "/threads", "application/json");

    assertThat(text.statusCode()).isEqualTo(200);
    assertThat(text.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    assertThat(text.body()).contains("\"main\"", "virtual", "ThreadDumpHandler.handle");
    assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(Mappers.TOLERANT.readTree(json.body()).at("/threadDump/threadContainers").size())
        .isPositive();
  }

  private static boolean isRecordingOnDemand() {
    return FlightRecorder.getFlightRecorder().getRecordings().stream()
        .anyMatch(recording -> recording.getName().equals("things on demand"));
  }

  private HttpResponse<Path> download(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofFile(folder.resolve("x.jfr")));
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return send(method, path, "*/*");
  }

  private HttpResponse<String> send(String method, String path, String accept) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + path))
            .timeout(Duration.ofSeconds(10))
            .header("Accept", accept)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
