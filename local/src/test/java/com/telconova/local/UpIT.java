package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.api.Client;
import com.telconova.local.api.Session;
import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.file.Recording;
import com.telconova.local.report.page.HtmlPage;
import com.telconova.local.terminal.Terminal;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Collector.Received;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/// One `up` with two real instances of each service, and what one does beside it.
final class UpIT {

  private static final Duration TIME = Duration.ofSeconds(120);

  // A JWT, a hash of a password.
  private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{10,}\\.|\\$argon2id\\$");

  private static final Map<String, String> NEW_ORDER =
      Map.of(
          "title", "No dial tone",
          "description", "Silence on the line",
          "category", "REPAIR",
          "priority", "P3",
          "zone", "NORTH",
          "address", "Calle 93 # 11-26, Bogota");

  private static final Set<String> handedOut = new HashSet<>();

  private static Collector collector;
  private static ScratchCheckout checkout;
  private static Command up;

  private record Outcome(int code, String output) {}

  @BeforeAll
  static void start() throws IOException {
    checkout = ScratchCheckout.real();
    collector = Collector.start();
    up =
        new Command(
            checkout.root(),
            Map.of(
                "LOG_LEVEL", "TRACE",
                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint().toString(),
                "OTEL_TRACES_SAMPLER_ARG", "1",
                "OTEL_BSP_SCHEDULE_DELAY", "200"),
            "up",
            "--port-offset",
            "auto",
            "--instances",
            "2",
            // Everything of this class shows its key; DemoIT has none.
            "--api-keys");
    up.awaitOutput("Ctrl-C stops everything");
  }

  @AfterAll
  static void stop_and_find_nothing_left() throws Exception {
    if (checkout == null) {
      return; // skipped
    }
    try (var _ = collector;
        var _ = checkout;
        var _ = up) {
      assertNoLogTellsASecret();
      assertNoTraceTellsASecret();
      up.signal("TERM");
      assertThat(up.awaitEnd()).isEqualTo(143);
    }
  }

  // What every test of this class made the services log.
  private static void assertNoLogTellsASecret() throws IOException {
    var secrets = secrets();
    long lines = 0;
    for (var log : logs()) {
      for (var line : Files.readAllLines(log)) {
        assertThat(line).doesNotContain(secrets).doesNotContainPattern(TOKEN);
        lines++;
      }
    }
    System.out.printf("%d lines of log, %d secrets, none told%n", lines, secrets.size());
    assertThat(lines).isGreaterThan(100);
    assertThat(secrets).hasSizeGreaterThan(10);
  }

  // Nor who somebody is.
  private static void assertNoTraceTellsASecret() throws IOException {
    var secrets = secrets();
    for (var call : collector.calls()) {
      assertThat(new String(call.body(), StandardCharsets.UTF_8)).doesNotContain(secrets);
    }
    for (var span : collector.spans()) {
      assertThat(span.toString())
          .doesNotContain("@", "Clara", "Calle 93")
          .doesNotContainPattern(TOKEN);
    }
    System.out.printf(
        "%d spans, %d secrets, none told%n", collector.spans().size(), secrets.size());
    assertThat(collector.spans()).hasSizeGreaterThan(100);
  }

  // Passwords, tokens and the key that people have, and what the processes were told.
  private static Set<String> secrets() throws IOException {
    var secrets = new HashSet<>(handedOut);
    secrets.add(runFile().path("apiKey").asText());
    runFile().path("credentials").forEach(one -> secrets.add(one.path("password").asText()));
    for (var service : Topology.SERVICES) {
      var environment = Path.of("/proc/" + process(service, 0).pid() + "/environ");
      if (Files.exists(environment)) { // Linux
        for (var setting : Files.readString(environment).split("\0")) {
          if (setting.matches("(?s)(\\w+_PASSWORD|AUTH_MASTER_KEY)=.*")) {
            secrets.add(setting.substring(setting.indexOf('=') + 1));
          }
        }
      }
    }
    return secrets;
  }

  private static Set<Path> logs() {
    var logs = new HashSet<Path>();
    for (var service : Topology.SERVICES) {
      for (int instance = 0; instance < 2; instance++) {
        logs.add(Path.of(described(service, instance).path("log").asText()));
      }
    }
    return logs;
  }

  @Test
  void the_smoke_scripts_take_an_order_through_its_life() throws Exception {
    var outcome = microflow("smoke");

    assertThat(outcome.code()).as(outcome.output()).isZero();
    var scripts = checkout.smokeScripts();
    var lines = outcome.output().lines().toList();
    assertThat(lines).hasSize(scripts.size() + 1);
    for (int i = 0; i < scripts.size(); i++) {
      assertThat(lines.get(i)).startsWith(scripts.get(i).replace(".sh", " "));
    }
    assertThat(lines.getLast())
        .startsWith("All " + scripts.size() + " steps answered as they must");
  }

  @Test
  void who_logged_out_is_refused_by_every_instance_of_every_service_within_five_seconds() {
    var everywhere = new ArrayList<Client>();
    try (var api = client()) {
      var client = logIn(api, "client");
      var asked =
          Map.of(
              "auth", "/auth/profile",
              "workorder", "/orders?limit=1",
              "tracking", "/notifications/" + client.userId());
      var checks = new ArrayList<IntSupplier>();
      asked.forEach((service, path) -> {
        for (int instance = 0; instance < 2; instance++) {
          var direct = new Client(URI.create(described(service, instance).path("url").asText()));
          everywhere.add(direct);
          checks.add(() -> direct.get(path, client.token()).status());
        }
      });
      assertThat(checks).allMatch(check -> check.getAsInt() == 200);

      assertThat(api.post("/auth/logout", client.token(), Map.of()).status()).isEqualTo(204);
      long ended = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(5))
          .until(() -> checks.stream().allMatch(check -> check.getAsInt() == 401));

      System.out.printf(
          "logout: refused by 6 instances of 3 services after %d ms%n",
          (System.nanoTime() - ended) / 1_000_000);
    } finally {
      everywhere.forEach(Client::close);
    }
  }

  @Test
  void one_trace_leads_from_the_order_to_the_mail_and_the_logs_have_its_ids() throws Exception {
    String order;
    try (var api = client()) {
      var client = logIn(api, "client");
      order = api.post("/orders", client.token(), NEW_ORDER).text("/id");
    }
    await()
        .atMost(TIME)
        .until(() -> services(traceOf(order)).equals(Set.copyOf(Topology.SERVICES)));
    await().atMost(TIME).until(() -> traceOf(order).isWhole());
    TraceTree trace = traceOf(order);
    System.out.println(trace);

    trace.check();
    assertThat(trace.spans()).noneMatch(Received::isError);
    assertThat(trace.spans().stream().map(trace::path))
        .anySatisfy(path ->
            assertThat(path)
                .isEqualTo(
                    "workorder: POST /orders SERVER"
                        + " > workorder: transaction CLIENT"
                        + " > workorder: create microflow-workorder PRODUCER"
                        + " > tracking: process microflow-tracking-inbox CONSUMER"
                        + " > tracking: transaction CLIENT"
                        + " > tracking: notify EMAIL INTERNAL"
                        + " > tracking: send EMAIL CLIENT"))
        .anySatisfy(path ->
            assertThat(path)
                .contains("notify EMAIL INTERNAL > tracking: transaction CLIENT")
                .endsWith(
                    "create microflow-tracking PRODUCER"
                        + " > auth: process microflow-auth-inbox CONSUMER"));
    assertThat(trace.spans())
        .filteredOn(span -> span.name().equals("notify EMAIL"))
        .extracting(span -> span.attribute("microflow.notification.outcome"))
        .containsOnly("sent");
    assertThat(linesOf(trace))
        .hasSizeGreaterThan(3)
        .allSatisfy(line ->
            assertThat(trace.spans())
                .extracting(Received::spanId)
                .contains(line.path("mdc").path("spanId").asText()));
  }

  private static TraceTree traceOf(String order) {
    return collector.spans().stream()
        .filter(span -> order.equals(span.attribute("cloudevents.event_subject")))
        .filter(span -> "order.created".equals(span.attribute("cloudevents.event_type")))
        .findFirst()
        .map(span -> new TraceTree(collector, span.traceId()))
        .orElseGet(() -> new TraceTree(collector, ""));
  }

  private static Set<String> services(TraceTree trace) {
    return trace.spans().stream().map(Received::service).collect(Collectors.toSet());
  }

  private static List<JsonNode> linesOf(TraceTree trace) throws IOException {
    var id = trace.spans().getFirst().traceId();
    var lines = new ArrayList<JsonNode>();
    for (var log : logs()) {
      for (var line : Files.readAllLines(log)) {
        if (line.contains(id)) {
          lines.add(Mappers.TOLERANT.readTree(line));
        }
      }
    }
    return lines;
  }

  @Test
  void a_smoke_script_that_gets_another_answer_says_so_in_one_line() throws Exception {
    var script = checkout.root().resolve("smoke/unexpected.sh");
    Files.writeString(
        script,
        """
        . "$(dirname "$0")/common.sh"
        expect 200 curl "$gateway/orders"
        say "not reached"
        """);

    var outcome = run(script.toString());
    Files.delete(script);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .startsWith("unexpected: " + gateway() + "/orders answered 401")
        .hasLineCount(1);
  }

  @Test
  void load_is_a_day_in_small_and_tells_what_it_got_and_what_it_cost_each_process()
      throws Exception {
    var file = checkout.root().resolve(".microflow/load.json");

    var outcome =
        microflow(
            "load",
            "--rate",
            "25",
            "--duration",
            "3s",
            "--warm-up",
            "500ms",
            "--json",
            file.toString());

    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(outcome.output())
        .contains("Load: day, open loop, 25 a second, up to 256 connections, through the gateway")
        .contains("good/s", "p99.9", "The sender:", "RSS MiB", "descriptors");
    assertThat(outcome.output().lines().filter(line -> !line.contains("load.json")))
        .allMatch(line -> line.length() <= Terminal.WIDTH);
    var result = Mappers.TOLERANT.readTree(Files.readString(file));
    assertThat(result.at("/total/sent").asInt()).isBetween(74, 76);
    assertThat(result.at("/total/good").asInt()).isGreaterThan(40);
    // Of a busy machine; anything else is wrong with the requests.
    assertThat(result.at("/total/errors").properties())
        .allMatch(error -> Set.of("503", "timeout").contains(error.getKey()));
    for (var process :
        List.of("auth", "auth-2", "workorder", "workorder-2", "tracking", "tracking-2")) {
      var cost = result.path("processes").path(process);
      assertThat(cost.path("cpuMsPerRequest").asDouble()).as(process).isPositive();
      assertThat(cost.path("allocatedBytesPerRequest").asDouble()).as(process).isPositive();
      assertThat(cost.has("gcCount")).as(process).isTrue();
    }
    for (var beside : List.of("PostgreSQL", "SNS, SQS, S3", "gateway, mail")) {
      assertThat(result.path("processes").path(beside).path("cpuMsPerRequest").asDouble())
          .as(beside)
          .isPositive();
    }
    System.out.printf(
        "load: %d of %d good, %s%n",
        result.at("/total/good").asInt(),
        result.at("/total/sent").asInt(),
        result.at("/total/errors"));
  }

  @Test
  void whoever_shows_no_key_or_another_is_refused_by_a_gateway_that_asks_for_one()
      throws Exception {
    var script = checkout.root().resolve("smoke/wrong-key.sh");
    Files.writeString(
        script,
        """
        MICROFLOW_API_KEY=another
        . "$(dirname "$0")/common.sh"
        expect 200 curl "$gateway/.well-known/jwks.json"
        expect 200 curl "$gateway/orders"
        """);

    var another = run(script.toString());
    Files.delete(script);

    assertThat(another.code()).isEqualTo(1);
    assertThat(another.output())
        .startsWith("wrong-key: " + gateway() + "/orders answered 403")
        .hasLineCount(1);
    try (var none = new Client(gateway())) {
      assertThat(none.get("/orders", null).status()).isEqualTo(403);
    }
  }

  @Test
  void a_dead_letter_is_listed_and_handled_after_all_when_it_is_moved_back() throws Exception {
    var id = UUID.randomUUID().toString();
    sendDead(
        """
        {"specversion": "1.0", "id": "%s", "source": "urn:microflow:auth", "sequence": "1",
         "type": "session.invalidated", "subject": "%s", "time": "2026-01-31T14:00:00Z", "data": {}}
        """
            .formatted(id, UUID.randomUUID()));

    var listed = microflow("dlq", "workorder");
    var moved = microflow("dlq", "redrive", "workorder", id);
    var after = microflow("dlq");

    assertThat(listed.output()).contains("workorder: 1 dead", "session.invalidated", id);
    assertThat(moved.output()).contains(id + " moved back to workorder's inbox");
    assertThat(after.output()).contains("auth: no dead letters", "workorder: no dead letters");
    await().atMost(TIME).until(() -> isProcessed(id));
  }

  @Test
  void a_dead_letter_is_shown_with_the_error_that_it_failed_with() throws Exception {
    var id = UUID.randomUUID().toString();
    var unexpected =
        """
        {"specversion": "1.0", "id": "%s", "source": "urn:microflow:auth", "sequence": "1",
         "type": "test.unexpected", "subject": "%s", "time": "2026-01-31T14:00:00Z", "data": {}}
        """
            .formatted(id, UUID.randomUUID());
    // Its fifth receive would take a minute: here it is dead already while it fails.
    send(Topology.standard().queueUrl(aws(), "tracking"), unexpected);
    send(Topology.standard().deadLetterQueueUrl(aws(), "tracking"), unexpected);

    await()
        .atMost(TIME)
        .untilAsserted(() ->
            assertThat(microflow("dlq", "show", "tracking", id).output())
                .contains(
                    "\"id\" : \"" + id + "\"",
                    "Handling test.unexpected " + id + " failed at receive 1",
                    "IllegalArgumentException no handler for events of type test.unexpected"));
  }

  @Test
  void every_process_is_recorded_at_the_same_time_and_no_secret_is_in_it() throws Exception {
    var folder = checkout.root().resolve("recorded");
    var wrong = microflow("record", "--seconds", "301");
    var all = microflow("record", "--seconds", "2", "--output", folder.toString());
    var one = microflow("record", "tracking", "--seconds", "0", "--output", folder.toString());

    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.output()).hasLineCount(1).contains("--seconds must be 1 to 300");
    assertThat(all.code()).as(all.output()).isZero();
    assertThat(all.output()).contains("summary", "view hot-methods");
    assertThat(one.code()).as(one.output()).isZero();
    var secrets = secrets();
    try (var files = Files.list(folder)) {
      var recordings = files.sorted().toList();
      assertThat(recordings)
          .extracting(file -> file.getFileName().toString().replaceAll("-2\\d{7}T.*", ""))
          .containsExactlyInAnyOrder(
              "auth",
              "auth-2",
              "workorder",
              "workorder-2",
              "tracking",
              "tracking-2",
              "tracking",
              "tracking-2");
      for (var recording : recordings) {
        assertThat(RecordingFile.readAllEvents(recording))
            .extracting(event -> event.getEventType().getName())
            .contains("jdk.CPULoad", "jdk.ActiveRecording");
        assertThat(Files.readString(recording, StandardCharsets.ISO_8859_1))
            .doesNotContain(secrets);
      }
    }
  }

  @Test
  void a_report_agrees_with_what_the_processes_say_of_themselves_and_follows_an_event()
      throws Exception {
    var folder = checkout.root().resolve("reported");
    List<Measured> measured;
    try (var api = client();
        var admin = new Client(adminUrl("workorder", 0));
        var load = new SteadyLoad(requests(api));
        var scrapes = new Scrapes(admin)) {
      load.awaitOutcomes(10);
      var recorded = microflow("record", "--seconds", "8", "--output", folder.toString());
      assertThat(recorded.code()).as(recorded.output()).isZero();
      load.stop();
      measured = scrapes.stop();
    }
    var files = new ArrayList<>(List.of("report"));
    try (var made = Files.list(folder)) {
      made.map(Path::toString).sorted().forEach(files::add);
    }

    var report = microflow(files.toArray(String[]::new));

    assertThat(report.code()).as(report.output()).isZero();
    assertThat(report.output())
        .contains("auth (", "workorder (", "tracking (")
        .containsSubsequence("slowest: ", "event ", "published, ", "polled, ", "handled, ");
    assertThat(HtmlPage.isOne(folder.resolve("report.html"))).isTrue();
    var figures =
        Figures.of(files.stream().skip(1).map(file -> Recording.open(Path.of(file))).toList());
    assertThat(figures.processes()).hasSize(6);
    assertThat(figures.journeys().shown()).anyMatch(journey -> journey.recordings() > 1);
    assertThat(figures.journeys().steps()).containsKey("order.created");
    long pid = described("workorder", 0).path("pid").asLong();
    var process =
        figures.processes().stream()
            .filter(each -> each.samples().pid() == pid)
            .findFirst()
            .orElseThrow();
    var first = process.samples().first().orElseThrow();
    var last = process.samples().last().orElseThrow();
    double told = process.samples().cpu().orElseThrow() / 1e9;
    double scraped = Measured.cpuAt(measured, last.at()) - Measured.cpuAt(measured, first.at());
    double rss = last.of(Counter.RESIDENT);
    double scrapedRss = Measured.residentAt(measured, last.at(), rss);
    System.out.printf(
        "report of workorder: %.3f s of processor time, /metrics %.3f s; RSS %.1f MiB, /metrics"
            + " %.1f MiB%n",
        told, scraped, rss / 1048576, scrapedRss / 1048576);
    assertThat(told).isCloseTo(scraped, within(scraped * 0.05));
    assertThat(rss).isCloseTo(scrapedRss, within(scrapedRss * 0.02));
  }

  /// What `/metrics` said at a moment.
  ///
  /// @param at in nanoseconds since 1970
  private record Measured(long at, double cpu, double resident) {
    static Measured of(Client admin) {
      var before = Instant.now();
      var text = admin.text("/metrics");
      // It was read somewhere between.
      var at = before.plus(Duration.between(before, Instant.now()).dividedBy(2));
      return new Measured(
          at.getEpochSecond() * 1_000_000_000L + at.getNano(),
          sum(text, "process_cpu_seconds_total"),
          sum(text, "process_memory_bytes\\{type=\"rss\""));
    }

    private static double sum(String text, String series) {
      return Pattern.compile("(?m)^" + series + ".* ([\\d.E]+)$")
          .matcher(text)
          .results()
          .mapToDouble(found -> Double.parseDouble(found.group(1)))
          .sum();
    }

    /// Between two scrapes it is taken to have grown evenly.
    static double cpuAt(List<Measured> all, long at) {
      for (int i = 1; i < all.size(); i++) {
        var from = all.get(i - 1);
        var to = all.get(i);
        if (from.at <= at && at <= to.at) {
          return from.cpu + (to.cpu - from.cpu) * (at - from.at) / (to.at - from.at);
        }
      }
      throw new AssertionError("not measured at " + at);
    }

    /// The scrapes just before and just after: between them it may be what either says.
    static double residentAt(List<Measured> all, long at, double told) {
      for (int i = 1; i < all.size(); i++) {
        var from = all.get(i - 1);
        var to = all.get(i);
        if (from.at <= at && at <= to.at) {
          return Math.clamp(
              told, Math.min(from.resident, to.resident), Math.max(from.resident, to.resident));
        }
      }
      throw new AssertionError("not measured at " + at);
    }
  }

  /// Asks for metrics all the time, with a pause between.
  private static final class Scrapes implements AutoCloseable {
    private final List<Measured> all = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> scraping;

    Scrapes(Client admin) {
      scraping =
          clock.scheduleWithFixedDelay(
              () -> all.add(Measured.of(admin)), 0, 100, TimeUnit.MILLISECONDS);
    }

    /// @throws ExecutionException what ended the scraping before its time
    List<Measured> stop() throws Exception {
      if (scraping.isDone()) {
        scraping.get();
      }
      clock.close();
      return List.copyOf(all);
    }

    @Override
    public void close() {
      clock.shutdownNow();
    }
  }

  private static URI adminUrl(String service, int instance) {
    return URI.create(described(service, instance).path("adminUrl").asText());
  }

  @Test
  void a_company_is_made_up_once_and_the_services_go_on_with_it() throws Exception {
    var wrong = microflow("seed", "--orders", "0");
    var made = microflow("seed", "--orders", "2000", "--technicians", "20", "--months", "1");
    var again = microflow("seed", "--orders", "10");
    var smoke = microflow("smoke");

    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.output()).hasLineCount(1).contains("--orders must be 1 to 10,000,000, not 0");
    assertThat(made.code()).as(made.output()).isZero();
    assertThat(made.output()).contains("2,000").contains("goes when ./microflow up stops");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.output().lines().toList().getLast()).contains("seeded orders already");
    assertThat(smoke.code()).as(smoke.output()).isZero();
  }

  @Test
  void when_an_instance_is_killed_only_requests_in_flight_fail_and_it_is_started_again()
      throws Exception {
    List<SteadyLoad.Outcome> outcomes;
    Instant killed;
    Instant gone;
    try (var api = client();
        var load = new SteadyLoad(requests(api))) {
      load.awaitOutcomes(30);
      var dying = process("workorder", 1);
      killed = Instant.now();
      dying.destroyForcibly();
      dying.onExit().join();
      gone = Instant.now();
      awaitReady("workorder", 1);
      outcomes = load.stop();
    }

    // The gateway hears of the closed connections a moment after the process has gone.
    var heard = gone.plusMillis(100);
    var failures = outcomes.stream().filter(SteadyLoad.Outcome::isFailure).toList();
    assertThat(failures).allMatch(f -> f.began().isBefore(heard) && f.ended().isAfter(killed));
    System.out.printf("kill -9: %d requests, %d failed%n", outcomes.size(), failures.size());
  }

  // Every service is asked, and one makes another ask a third.
  private static List<SteadyLoad.Request> requests(Client api) {
    var client = logIn(api, "client");
    var order = api.post("/orders", client.token(), NEW_ORDER).text("/id");
    return List.of(
        get(api, client, "/auth/profile"),
        get(api, client, "/orders?limit=5"),
        get(api, client, "/tracking/" + order),
        new SteadyLoad.Request(
            "POST /orders", 201, () -> api.post("/orders", client.token(), NEW_ORDER)),
        get(api, client, "/notifications/" + client.userId()));
  }

  private static SteadyLoad.Request get(Client api, Session session, String path) {
    return new SteadyLoad.Request("GET " + path, 200, () -> api.get(path, session.token()));
  }

  private static Session logIn(Client api, String role) {
    var credentials = runFile().path("credentials").path(role);
    var login =
        Map.of(
            "email", credentials.path("email").asText(),
            "password", credentials.path("password").asText());
    var answer = api.post("/auth/login", null, login);
    handedOut.add(answer.text("/accessToken"));
    handedOut.add(answer.text("/refreshToken"));
    return new Session(role, answer.text("/user/id"), answer.text("/accessToken"));
  }

  private static JsonNode described(String service, int instance) {
    return runFile().path("processes").path(service).path("instances").path(instance);
  }

  private static ProcessHandle process(String service, int instance) {
    return ProcessHandle.of(described(service, instance).path("pid").asLong()).orElseThrow();
  }

  private static void awaitReady(String service, int instance) {
    var address = URI.create(described(service, instance).path("adminUrl").asText());
    try (var admin = new Client(address)) {
      await()
          .atMost(TIME)
          .ignoreException(UncheckedIOException.class)
          .until(() -> admin.get("/health/ready", null).status() == 200);
    }
  }

  private static boolean isProcessed(String eventId) throws Exception {
    try (var connection = DriverManager.getConnection(runFile().path("database").asText());
        var query =
            connection.prepareStatement(
                "select count(*) from workorder.processed where event_id = ?::uuid")) {
      query.setString(1, eventId);
      try (var rows = query.executeQuery()) {
        return rows.next() && rows.getInt(1) == 1;
      }
    }
  }

  private static void sendDead(String body) {
    send(Topology.standard().deadLetterQueueUrl(aws(), "workorder"), body);
  }

  private static void send(URI queue, String body) {
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    try (var sqs =
        SqsClient.builder()
            .endpointOverride(aws())
            .region(Region.US_EAST_1)
            .credentialsProvider(credentials)
            .build()) {
      sqs.sendMessage(r -> r.queueUrl(queue.toString()).messageBody(body));
    }
  }

  private static URI aws() {
    return URI.create(runFile().path("aws").asText());
  }

  private static Client client() {
    return new Client(gateway(), Optional.of(runFile().path("apiKey").asText()));
  }

  private static URI gateway() {
    return URI.create(runFile().path("gateway").asText());
  }

  private static JsonNode runFile() {
    try {
      return Mappers.TOLERANT.readTree(
          Files.readString(checkout.root().resolve(".microflow/run.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Outcome microflow(String... arguments) throws Exception {
    var script = checkout.root().resolve("microflow").toString();
    var all = new ArrayList<>(List.of(script));
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }

  private static Outcome run(String... script) throws Exception {
    var command = new ArrayList<>(List.of("bash"));
    command.addAll(List.of(script));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(Path.of("/").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }
}
