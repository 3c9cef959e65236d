package com.telconova.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import com.telconova.local.api.Client;
import com.telconova.local.report.figures.Counter;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.figures.Sample;
import com.telconova.local.report.figures.Samples;
import com.telconova.local.report.file.Recording;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// A real Prometheus, as `prometheus/prometheus.yml` has it, beside a running `up` under a little
/// load, and what the dashboards and the rules ask of it.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DashboardsIT {
  private static final Duration TIME = Duration.ofSeconds(60);
  private static final String FIXTURE = "missing-on-this-host.prom";
  private static final Pattern METRIC = Pattern.compile("[a-z]\\w*_\\w+");
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");

  private static ScratchCheckout checkout;
  private static HttpServer fixture;
  private static Process prometheus;
  private static URI address;
  private static Command up;
  private static Client api;
  private static SteadyLoad load;
  private static Instant loaded;
  private static HttpClient http;
  private static long startSeconds;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "prometheus"))),
        "what the dashboards ask is tried on a real Prometheus: install Debian's package prometheus");
    checkout = ScratchCheckout.real();
    http = HttpClient.newHttpClient();
    fixture = serveFixture();
    prometheus = startPrometheus();
    long begin = System.nanoTime();
    up = new Command(checkout.root(), "up", "--port-offset", "auto");
    up.awaitOutput("Ctrl-C stops everything");
    api = new Client(URI.create(runFile().path("gateway").asText()));
    startSeconds = (System.nanoTime() - begin) / 1_000_000_000;
    load = new SteadyLoad(requests());
    loaded = Instant.now();
  }

  @AfterAll
  static void stop() throws Exception {
    if (checkout == null) {
      return; // skipped
    }
    try (var _ = checkout) {
      if (load != null) {
        // What is turned away on a busy machine is an answer, too: the queries find out what is
        // missing.
        load.stop();
        api.close();
      }
      if (up != null) {
        up.signal("TERM");
        up.awaitEnd();
      }
      if (prometheus != null) {
        prometheus.destroy();
        if (!prometheus.waitFor(20, TimeUnit.SECONDS)) {
          prometheus.destroyForcibly();
        }
      }
      if (fixture != null) {
        fixture.stop(0);
      }
      http.close();
    }
  }

  @Test
  void every_query_of_every_panel_has_an_answer_with_data_in_it() throws IOException {
    Map<String, String> asked = new LinkedHashMap<>();
    for (JsonNode dashboard : dashboards()) {
      String name = dashboard.path("uid").asText();
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          asked.put(
              "%s / %s / %s"
                  .formatted(name, panel.path("title").asText(), target.path("refId").asText()),
              target.path("expr").asText());
        }
      }
      asked.put(name + " / starts", dashboard.at("/annotations/list/1/expr").asText());
    }
    int queries = asked.size();
    long begin = System.nanoTime();

    // The first figures come once two scrapes and, of what is counted seldom, half a minute are
    // over.
    await()
        .atMost(TIME)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> {
          asked.values().removeIf(DashboardsIT::hasData);
          assertThat(asked).as("queries without data").isEmpty();
        });

    System.out.printf(
        "dashboards: %d queries, all with data after %d s (up took %d s)%n",
        queries, (System.nanoTime() - begin) / 1_000_000_000, startSeconds);
    assertThat(queries).isGreaterThan(150);
  }

  @Test
  void a_viewer_can_choose_every_service_and_instance() throws IOException {
    for (JsonNode dashboard : dashboards()) {
      for (JsonNode variable : dashboard.at("/templating/list")) {
        if (variable.path("type").asText().equals("query")) {
          var asked =
              Pattern.compile("label_values\\((.+), (\\w+)\\)")
                  .matcher(variable.at("/query/query").asText());
          assertThat(asked.matches()).isTrue();
          Set<String> services = new TreeSet<>();
          Set<String> values = new TreeSet<>();
          ask("query", Map.of("query", substituted(asked.group(1))))
              .at("/data/result")
              .forEach(one -> {
                services.add(one.at("/metric/service").asText());
                values.add(one.path("metric").path(asked.group(2)).asText());
              });
          assertThat(values).doesNotContain("");
          String only = dashboard.path("uid").asText().replace("microflow-", "");
          assertThat(services)
              .isEqualTo(
                  Topology.SERVICES.contains(only)
                      ? Set.of(only)
                      : new TreeSet<>(Topology.SERVICES));
        }
      }
    }
  }

  @Test
  void no_metric_is_shown_nowhere() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (JsonNode dashboard : dashboards()) {
      for (JsonNode panel : dashboard.path("panels")) {
        panel
            .path("targets")
            .forEach(target ->
                METRIC
                    .matcher(target.path("expr").asText())
                    .results()
                    .forEach(name -> shown.add(family(name.group()))));
      }
    }

    Set<String> said = new TreeSet<>(documented());
    for (String service : Topology.SERVICES) {
      scrape(service)
          .lines()
          .filter(line -> line.startsWith("# TYPE "))
          .map(line -> line.split(" ")[2])
          // When a counter began: simpleclient adds it to each, and nothing of ours is in it.
          .filter(name -> !name.endsWith("_created"))
          .forEach(said::add);
    }

    assertThat(said).hasSizeGreaterThan(80);
    said.removeAll(shown);
    assertThat(said).as("exported and on no dashboard").isEmpty();
  }

  @Test
  void every_rule_asks_for_what_is_there() {
    Pattern selector = Pattern.compile("([a-z_]+_[a-z_]+|up|service:[\\w:]+)(\\{[^}]*})?");
    List<String> wanted = new ArrayList<>();
    for (JsonNode rule : rules()) {
      String query =
          rule.path("query")
              .asText()
              .replaceAll("\\b(by|on|without)\\s*\\([^)]*\\)", " ")
              .replaceAll("[a-z_]+(?=\\s*\\()", " ")
              .replaceAll("\\[\\w+]", "")
              // Nothing fails here, and where there is no 5xx there is no series of it.
              .replace("http_response_status_code=~\"5..\"", "");
      selector.matcher(query).results().forEach(found -> wanted.add(found.group()));
    }
    int selectors = wanted.size();

    await()
        .atMost(TIME)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> {
          wanted.removeIf(DashboardsIT::hasData);
          assertThat(wanted).as("asked for by rules, and not there").isEmpty();
        });

    assertThat(selectors).isGreaterThan(30);
    assertThat(rules())
        .allSatisfy(rule -> assertThat(rule.path("health").asText()).isEqualTo("ok"));
  }

  /// The dashboards scrape from outside, a report counts inside; both must tell of the same
  /// process. They look a second apart at most, so what a panel shows is asked a second sooner and
  /// later, too.
  @Test
  @Order(Integer.MAX_VALUE) // it waits for what is told while the others ask
  void what_the_dashboards_show_of_a_process_is_what_a_report_says_of_the_same_time()
      throws Exception {
    // What each process tells its recording every ten seconds, twice under steady load: a burst at
    // an edge, such as the first requests are, is between two scrapes and no rate sees it whole.
    var steady = loaded.plusSeconds(8);
    await().atMost(TIME).until(() -> Instant.now().isAfter(steady.plusSeconds(31)));
    var folder = checkout.root().resolve("beside");
    var recorded =
        new Command(checkout.root(), "record", "--seconds", "0", "--output", folder.toString());
    assertThat(recorded.awaitEnd()).as(recorded.output()).isZero();
    List<Recording> recordings = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder)) {
      files.forEach(file -> recordings.add(Recording.open(file)));
    }
    var processes = Figures.of(recordings).processes();

    assertThat(processes)
        .extracting(ProcessFigures::name)
        .containsExactlyElementsOf(new TreeSet<>(Topology.SERVICES));
    for (ProcessFigures process : processes) {
      var samples =
          process.samples().all().stream()
              .filter(sample -> sample.at() > steady.toEpochMilli() * 1_000_000)
              .toList();
      Sample first = samples.getFirst();
      Sample last = samples.get(samples.size() - 2); // the very last is told as it is fetched
      double seconds = (last.at() - first.at()) / 1e9;
      Map<String, Double> told = new LinkedHashMap<>();
      told.put("Processors in use", added(first, last, Sample::cpu) / 1e9 / seconds);
      told.put("Context switches", added(first, last, DashboardsIT::switches) / seconds);
      told.put("In memory", (double) last.of(Counter.RESIDENT));
      told.put("Descriptors", (double) last.of(Counter.DESCRIPTORS));
      told.forEach((panel, value) -> {
        double[] shown =
            DoubleStream.of(-1, 0, 1)
                .map(later -> shown(panel, process.name(), last.at() / 1e9 + later, seconds))
                .sorted()
                .toArray();
        System.out.printf(
            "%s, %.1f s, %s: report %.3f, dashboard %.3f to %.3f%n",
            process.name(), seconds, panel, value, shown[0], shown[2]);
        assertThat(value).as(panel).isBetween(shown[0] * 0.95, shown[2] * 1.05);
      });
    }
  }

  private static long added(Sample first, Sample last, ToLongFunction<Sample> number) {
    return Samples.added(first, last, number).orElseThrow();
  }

  private static long switches(Sample sample) {
    return sample.of(Counter.VOLUNTARY_SWITCHES) + sample.of(Counter.INVOLUNTARY_SWITCHES);
  }

  /// What a panel of the dashboard "Operating system" shows of a service: all its curves together,
  /// of memory the one that is resident.
  ///
  /// @param at in seconds since 1970
  /// @param seconds over how long a rate is taken
  private static double shown(String title, String service, double at, double seconds) {
    String query =
        panel(title)
            .replace("$__rate_interval", Math.round(seconds * 1e3) + "ms")
            .replace("$service", service)
            .replace("$instance", ".+")
            .replace("type!=\"virtual\"", "type=\"rss\"");
    double sum = 0;
    for (JsonNode series :
        ask("query", Map.of("query", query, "time", BigDecimal.valueOf(at).toPlainString()))
            .at("/data/result")) {
      sum += series.at("/value/1").asDouble();
    }
    return sum;
  }

  private static String panel(String title) {
    try {
      for (JsonNode dashboard : dashboards()) {
        for (JsonNode panel : dashboard.path("panels")) {
          if (dashboard.path("uid").asText().equals("microflow-os")
              && panel.path("title").asText().equals(title)) {
            return panel.at("/targets/0/expr").asText();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("no panel " + title);
  }

  private static List<JsonNode> rules() {
    List<JsonNode> rules = new ArrayList<>();
    ask("rules", Map.of())
        .at("/data/groups")
        .forEach(group -> group.path("rules").forEach(rules::add));
    return rules;
  }

  /// Whether a number came, in the last half minute.
  private static boolean hasData(String query) {
    Instant now = Instant.now();
    JsonNode answer =
        ask(
            "query_range",
            Map.of(
                "query", substituted(query),
                "start", Double.toString(now.minusSeconds(30).toEpochMilli() / 1e3),
                "end", Double.toString(now.toEpochMilli() / 1e3),
                "step", "1"));
    for (JsonNode series : answer.at("/data/result")) {
      for (JsonNode value : series.path("values")) {
        if (!value.path(1).asText().equals("NaN")) {
          return true;
        }
      }
    }
    return false;
  }

  /// As Grafana does it for all services and all instances, with a scrape each second: a rate takes
  /// four of them.
  private static String substituted(String query) {
    return query
        .replace("$__rate_interval", "4s")
        .replace("$service", Topology.SERVICES.stream().collect(Collectors.joining("|", "(", ")")))
        .replace("$instance", ".+");
  }

  private static JsonNode ask(String path, Map<String, String> parameters) {
    String form =
        parameters.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    var request = HttpRequest.newBuilder(address.resolve("/api/v1/" + path)).timeout(TIME);
    if (!parameters.isEmpty()) {
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(HttpRequest.BodyPublishers.ofString(form));
    }
    try {
      var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) { // malformed: waiting would not mend it
        throw new IllegalStateException(parameters + ": " + answer.body());
      }
      return Mappers.TOLERANT.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The name that the page's `# TYPE` has.
  private static String family(String name) {
    return name.replaceFirst("(?<=_seconds)_(count|sum|bucket)$", "");
  }

  private static Set<String> documented() throws IOException {
    String page = Files.readString(Checkout.find().root().resolve("docs/operating-system.md"));
    return DOCUMENTED.matcher(page).results().map(m -> m.group(1)).collect(Collectors.toSet());
  }

  private static String scrape(String service) {
    String admin = runFile().path("processes").path(service).path("adminUrl").asText();
    try (var client = new Client(URI.create(admin))) {
      return client.text("/metrics");
    }
  }

  private static List<JsonNode> dashboards() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    Path folder = Checkout.find().root().resolve("grafana/dashboards");
    try (var files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        all.add(Mappers.TOLERANT.readTree(file.toFile()));
      }
    }
    assertThat(all).hasSizeGreaterThan(5);
    return all;
  }

  /// Something of everything that is counted as it happens, and little that is dear.
  private static List<SteadyLoad.Request> requests() {
    String client = logIn("client");
    String supervisor = logIn("supervisor");
    String admin = logIn("admin");
    var order =
        Map.of(
            "title", "No dial tone",
            "description", "Silence on the line",
            "category", "REPAIR",
            "priority", "P3",
            "zone", "NORTH",
            "address", "Calle 93 # 11-26, Bogota");
    String id = api.post("/orders", client, order).text("/id");
    var note = Map.of("kind", "NOTE", "comment", "The customer called again");
    var get =
        Stream.of("/orders?limit=5", "/auth/profile", "/tracking/" + id)
            .map(path -> new SteadyLoad.Request(path, 200, () -> api.get(path, client)))
            .toList();
    List<SteadyLoad.Request> all = new ArrayList<>(get);
    all.add(new SteadyLoad.Request("create", 201, () -> api.post("/orders", client, order)));
    all.addAll(get);
    all.add(
        new SteadyLoad.Request(
            "note", 201, () -> api.post("/tracking/" + id + "/update", supervisor, note)));
    all.addAll(get);
    all.add(
        new SteadyLoad.Request(
            "log in", 200, () -> api.post("/auth/login", null, credentials("client"))));
    all.add(
        new SteadyLoad.Request(
            "make an account",
            201,
            () ->
                api.post(
                    "/users",
                    admin,
                    Map.of(
                        "email", UUID.randomUUID() + "@telconova.example",
                        "password", "seven wet boots",
                        "name", "Luis Rojas",
                        "role", "TECHNICIAN"))));
    return all;
  }

  private static String logIn(String role) {
    return api.post("/auth/login", null, credentials(role)).text("/accessToken");
  }

  private static Map<String, String> credentials(String role) {
    var credentials = runFile().path("credentials").path(role);
    return Map.of(
        "email", credentials.path("email").asText(),
        "password", credentials.path("password").asText());
  }

  private static HttpServer serveFixture() throws IOException {
    byte[] page;
    try (var in = DashboardsIT.class.getResourceAsStream(FIXTURE)) {
      page = in.readAllBytes();
    }
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
          }
        });
    server.start();
    return server;
  }

  /// The project's own files, with a second where they say a quarter of a minute, and a target that
  /// has what this host lacks.
  private static Process startPrometheus() throws IOException {
    Path from = Checkout.find().root().resolve("prometheus");
    Path to = Files.createDirectories(checkout.root().resolve("prometheus"));
    String config = Files.readString(from.resolve("prometheus.yml"));
    assertThat(config).contains("_interval: 15s", "scrape_timeout: 10s", "refresh_interval: 5s");
    Files.writeString(
        to.resolve("prometheus.yml"),
        config
            .replace("_interval: 15s", "_interval: 1s")
            .replace("scrape_timeout: 10s", "scrape_timeout: 1s")
            .replace("refresh_interval: 5s", "refresh_interval: 1s"));
    for (String rules : List.of("recording.yml", "alerts.yml")) {
      Files.copy(from.resolve(rules), to.resolve(rules));
    }
    Path targets = Files.createDirectories(checkout.root().resolve(".microflow/targets"));
    Files.writeString(
        targets.resolve("fixture.json"),
        """
        [{"targets": ["127.0.0.1:%d"], "labels": {"service": "workorder", "instance": "fixture"}}]
        """
            .formatted(fixture.getAddress().getPort()));
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    address = URI.create("http://127.0.0.1:" + port);
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + to.resolve("prometheus.yml"),
            "--storage.tsdb.path=" + checkout.root().resolve(".microflow/prometheus"),
            "--web.listen-address=" + address.getAuthority(),
            "--log.level=warn")
        .redirectErrorStream(true)
        .redirectOutput(checkout.root().resolve(".microflow/prometheus.log").toFile())
        .start();
  }

  private static JsonNode runFile() {
    try {
      return Mappers.TOLERANT.readTree(
          Files.readString(checkout.root().resolve(".microflow/run.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
