package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What a recording of a real process holds, and what it must not.
final class RecordingIT {
  private static final String CANARY = "canary7bird";
  private static final List<String> FLAGS = List.of("-Xmx96m", "-XX:+UseSerialGC");

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void no_secret_of_the_environment_the_command_line_or_a_request_is_in_a_recording()
      throws Exception {
    List<String> flags = new ArrayList<>(FLAGS);
    flags.add("-Dsome.password=" + CANARY);
    flags.add("-XX:OnError=echo " + CANARY);
    try (AuthFixture fixture = new AuthFixture()) {
      fixture.environment.put("SOME_SECRET", CANARY);
      fixture.environment.put("ADMIN_PASSWORD", CANARY + " and so on");
      try (ServiceProcess auth = ServiceProcess.start("auth", flags, fixture.environment);
          Api api = new Api(auth.port())) {
        assertThat(commandLineAndEnvironment(auth)).contains(CANARY, "SOME_SECRET=" + CANARY);
        useIt(api);

        byte[] bytes = download(auth, "/jfr?seconds=0");

        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("/auth/register"); // what is in it can be found so
        assertThat(text).doesNotContain(CANARY).doesNotContain("SOME_SECRET");
        assertThat(new String(bytes, StandardCharsets.UTF_16BE)).doesNotContain(CANARY);
        assertThat(new String(bytes, StandardCharsets.UTF_16LE)).doesNotContain(CANARY);
        List<RecordedEvent> events = events(bytes);
        assertThat(events).noneMatch(event -> event.toString().contains(CANARY));
        // A library's events are on unless our settings say that they are not.
        assertThat(events)
            .extracting(event -> event.getEventType().getName())
            .allMatch(name -> name.startsWith("jdk.") || name.startsWith("microflow."));
        assertThat(text).doesNotContain("somebody@example.com");
        assertThat(fixture.environment.get("AUTH_MASTER_KEY")).isNotBlank();
        assertThat(text).doesNotContain(fixture.environment.get("AUTH_MASTER_KEY"));
        checkOwnEvents(events);
      }
    }
  }

  private static void useIt(Api api) {
    String person =
        "{\"email\": \"%s@example.com\", \"password\": \"%s\", \"name\": \"Ana\"}"
            .formatted("somebody", CANARY + " of a person");
    String login =
        "{\"email\": \"somebody@example.com\", \"password\": \"%s\"}"
            .formatted(CANARY + " of a person");
    assertThat(api.post("/auth/register", null, person).status()).isEqualTo(201);
    assertThat(api.post("/auth/login", null, login).status()).isEqualTo(200);
    assertThat(api.post("/auth/login", null, login.replace("of a", "of no")).status())
        .isEqualTo(401);
    assertThat(api.post("/auth/login?" + CANARY, null, "{\"" + CANARY).status()).isEqualTo(400);
    assertThat(api.get("/" + CANARY, CANARY).status()).isEqualTo(404);
  }

  private static void checkOwnEvents(List<RecordedEvent> events) {
    Map<String, List<RecordedEvent>> byName =
        events.stream().collect(Collectors.groupingBy(event -> event.getEventType().getName()));
    RecordedEvent request =
        byName.get("microflow.HttpRequest").stream()
            .filter(event -> "/auth/register".equals(event.getString("route")))
            .findFirst()
            .orElseThrow();
    assertThat(request.getString("method")).isEqualTo("POST");
    assertThat(request.getInt("status")).isEqualTo(201);
    assertThat(request.getString("requestId")).hasSize(36);
    assertThat(request.getString("traceId")).matches("[0-9a-f]{32}");
    // The first administrator's, a registration's, and three guesses or so.
    RecordedEvent hash = byName.get("microflow.PasswordHash").getFirst();
    assertThat(hash.getDuration()).isGreaterThan(Duration.ofMillis(1));
    assertThat(hash.getDuration("waited")).isLessThan(Duration.ofSeconds(10));
    assertThat(hash.getThread("asker")).isNotNull();
    RecordedEvent process =
        byName.get("microflow.Process").stream()
            .max(Comparator.comparing(RecordedEvent::getStartTime)) // a file is not in order
            .orElseThrow();
    assertThat(process.getString("service")).isEqualTo("auth");
    assertThat(process.getLong("pid")).isPositive();
    assertThat(process.getLong("heapUsed")).isBetween(1_000_000L, process.getLong("heapCommitted"));
    assertThat(process.getLong("codeCommitted")).isGreaterThan(1_000_000);
    assertThat(process.getLong("residentMemory")).isGreaterThan(20_000_000);
    assertThat(process.getLong("platformThreads")).isGreaterThan(5);
    assertThat(process.getLong("descriptors")).isBetween(10L, 500L);
    assertThat(process.getDuration("userTime")).isGreaterThan(Duration.ofMillis(100));
    assertThat(byName).containsKeys("microflow.Transaction", "jdk.ActiveRecording");
    checkThreads(process, byName.get("microflow.ThreadGroup"));
  }

  /// Threads of a name are told with the process, and add up to it but for those that have ended.
  private static void checkThreads(RecordedEvent process, List<RecordedEvent> groups) {
    List<RecordedEvent> ofIt =
        groups.stream()
            .filter(group -> !group.getStartTime().isBefore(process.getStartTime()))
            .toList();
    assertThat(ofIt)
        .extracting(group -> group.getString("name"))
        .doesNotHaveDuplicates()
        .contains("outbox-relay", "VM Thread");
    assertThat(ofIt)
        .filteredOn(group -> group.getBoolean("carriers"))
        .singleElement()
        .satisfies(group -> assertThat(group.getDuration("cpuTime")).isPositive());
    Duration sum =
        ofIt.stream()
            .map(group -> group.getDuration("cpuTime"))
            .reduce(Duration.ZERO, Duration::plus);
    Duration all = process.getDuration("userTime").plus(process.getDuration("systemTime"));
    assertThat(sum).isBetween(all.dividedBy(2), all.plusMillis(50));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_process_that_cannot_write_goes_on_without_a_recording_and_says_so_once() throws Exception {
    List<String> flags = new ArrayList<>(FLAGS);
    // As a read-only root: nobody, not even root, can make a file there.
    flags.add("-Djava.io.tmpdir=/proc/none");
    try (AuthFixture fixture = new AuthFixture();
        ServiceProcess auth = ServiceProcess.start("auth", flags, fixture.environment);
        Api api = new Api(auth.port())) {
      assertThat(api.get("/.well-known/jwks.json", null).status()).isEqualTo(200);
      assertThat(get(auth, "/jfr?seconds=0").statusCode()).isEqualTo(404);
      assertThat(get(auth, "/jfr?seconds=1").statusCode()).isEqualTo(503);
      assertThat(get(auth, "/threads").statusCode()).isEqualTo(503);
      assertThat(get(auth, "/health/ready").statusCode()).isEqualTo(200);
      assertThat(auth.lastLines(200))
          .filteredOn(line -> line.contains("No recording is kept"))
          .singleElement()
          .asString()
          .contains("cannot be written here", "none", "JFR_RECORDING=off");
    }
  }

  private static String commandLineAndEnvironment(ServiceProcess auth) throws Exception {
    Path proc = Path.of("/proc", Long.toString(auth.pid()));
    return Files.isDirectory(proc)
        ? Files.readString(proc.resolve("cmdline")) + Files.readString(proc.resolve("environ"))
        : CANARY + " SOME_SECRET=" + CANARY;
  }

  private List<RecordedEvent> events(byte[] bytes) throws Exception {
    Path file = folder.resolve("x.jfr");
    Files.write(file, bytes);
    return RecordingFile.readAllEvents(file);
  }

  private byte[] download(ServiceProcess auth, String path) throws Exception {
    HttpResponse<byte[]> response = http.send(request(auth, path), BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private HttpResponse<String> get(ServiceProcess auth, String path) throws Exception {
    return http.send(request(auth, path), BodyHandlers.ofString());
  }

  private static HttpRequest request(ServiceProcess auth, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + auth.adminPort() + path))
        .timeout(Duration.ofSeconds(20))
        .build();
  }
}
