package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Collector.Received;
import com.telconova.shared.testing.ServiceProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of a real process a collector receives, and what tracing is while there is none.
final class TracingIT {
  private static final String CANARY = "canary7bird";
  private static final String SDK = "io.opentelemetry.";

  @TempDir private Path folder;

  @Test
  void where_no_collector_is_named_not_a_class_of_opentelemetrys_is_loaded() throws Exception {
    Path off;
    try (AuthFixture fixture = new AuthFixture()) {
      fixture.environment.put("OTEL_TRACES_SAMPLER", "always_on");
      off = useIt(fixture);
    }
    try (AuthFixture fixture = new AuthFixture();
        Collector collector = Collector.start()) {
      fixture.environment.put("OTEL_TRACES_SAMPLER", "always_on");
      fixture.environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString());
      Path on = useIt(fixture);

      assertThat(Files.readString(off)).contains("trace.NoTracing").doesNotContain(SDK);
      assertThat(Files.readString(on)).contains(SDK + "sdk.trace.SdkSpan");
      checkWhatCame(fixture, collector);
    }
  }

  /// @return the classes that the process loaded
  private Path useIt(AuthFixture fixture) throws Exception {
    Path classes = Files.createTempFile(folder, "classes", ".log");
    List<String> flags = new ArrayList<>(List.of("-Xmx96m", "-XX:+UseSerialGC"));
    flags.add("-Xlog:class+load:file=" + classes + ":none");
    fixture.environment.put("ADMIN_PASSWORD", CANARY + " and so on");
    String name = "somebody" + System.nanoTime();
    String person =
        "{\"email\": \"%s@example.com\", \"password\": \"%s\", \"name\": \"%s\"}"
            .formatted(name, CANARY + " of a person", CANARY);
    try (ServiceProcess auth = ServiceProcess.start("auth", flags, fixture.environment);
        Api api = new Api(auth.port())) {
      assertThat(api.post("/auth/register", null, person).status()).isEqualTo(201);
      String login = person.replaceFirst(", \"name.*", "}");
      String token = api.post("/auth/login", null, login).text("/accessToken");
      assertThat(api.get("/auth/profile", token).status()).isEqualTo(200);
      assertThat(api.post("/auth/login?" + CANARY, null, "{\"" + CANARY).status()).isEqualTo(400);
      assertThat(api.get("/" + CANARY, CANARY).status()).isEqualTo(404);
      String mail = "{\"email\": \"" + name + "@example.com\"}";
      assertThat(api.post("/auth/password/forgot", null, mail).status()).isEqualTo(202);
      await()
          .until(() ->
              auth.lastLines(50).stream().anyMatch(line -> line.contains("tracking did not")));
    }
    return classes;
  }

  private static void checkWhatCame(AuthFixture fixture, Collector collector) {
    assertThat(collector.spans())
        .extracting(Received::name)
        .contains(
            "POST /auth/register",
            "POST /auth/login",
            "GET /auth/profile",
            "transaction",
            "send reset mail",
            "POST /notifications/send");
    for (Collector.Call call : collector.calls()) {
      assertThat(new String(call.body(), StandardCharsets.UTF_8))
          .doesNotContain(CANARY, "@example", fixture.environment.get("AUTH_MASTER_KEY"));
    }
    Received request = named(collector, "POST /auth/password/forgot");
    Received mail = named(collector, "send reset mail");
    Received call = named(collector, "POST /notifications/send");
    assertThat(List.of(mail.traceId(), call.traceId())).containsOnly(request.traceId());
    assertThat(call.parentId()).isEqualTo(mail.spanId());
    assertThat(mail.isError()).isTrue();
  }

  private static Received named(Collector collector, String name) {
    return collector.spans().stream()
        .filter(span -> span.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
