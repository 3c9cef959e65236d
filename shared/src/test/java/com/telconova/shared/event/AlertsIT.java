package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.telconova.shared.testing.Checkout;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Holds `prometheus/alerts.yml` to what a service says of itself, and to its own tests.
final class AlertsIT {
  private static final Pattern SELECTOR = Pattern.compile("([a-z_:]+)\\s*(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
  private static final Pattern GROUPINGS =
      Pattern.compile("\\b(?:by|on|without|ignoring)\\s*\\([^)]*\\)|\\[[^]]*]");
  private static final Pattern FUNCTIONS = Pattern.compile("[a-z_]+(?=\\s*\\()");
  private static final Set<String> OPERATORS = Set.of("and", "or", "unless");

  private final Path folder = Checkout.find().root().resolve("prometheus");

  /// Of the events' rules; what all others ask for is looked for in a running system, by
  /// `DashboardsIT` in local.
  @Test
  void an_alert_asks_only_for_what_a_service_says() throws IOException {
    List<Sample> samples = scrape();

    Set<String> asked = new HashSet<>();
    for (JsonNode rule : rules("events-.*")) {
      String ungrouped = GROUPINGS.matcher(rule.path("expr").asText()).replaceAll(" ");
      String expression = FUNCTIONS.matcher(ungrouped).replaceAll(" ");
      for (MatchResult selector : SELECTOR.matcher(expression).results().toList()) {
        if (!OPERATORS.contains(selector.group(1))) {
          asked.add(selector.group(1));
          assertThat(samples)
              .as("%s asks for %s", rule.path("alert").asText(), selector.group())
              .anyMatch(sample -> sample.name.equals(selector.group(1)) && fits(sample, selector));
        }
      }
    }
    assertThat(asked)
        .contains("outbox_lag_seconds", "outbox_unsent", "sqs_queue_messages", "sqs_handled_total");
  }

  private static boolean fits(Sample sample, MatchResult selector) {
    if (selector.group(2) == null) {
      return true;
    }
    return MATCHER
        .matcher(selector.group(2))
        .results()
        .allMatch(matcher -> {
          int label = sample.labelNames.indexOf(matcher.group(1));
          String value = label < 0 ? null : sample.labelValues.get(label);
          return value != null
              && switch (matcher.group(2)) {
                case "=" -> value.equals(matcher.group(3));
                case "!=" -> !value.equals(matcher.group(3));
                case "=~" -> value.matches(matcher.group(3));
                default -> !value.matches(matcher.group(3));
              };
        });
  }

  /// What the event path of a service exports once an event has come.
  private static List<Sample> scrape() {
    try (Tables tables = new Tables();
        TestQueue queue = new TestQueue()) {
      EventConfig config = queue.config(1, Duration.ofSeconds(60));
      Inbox inbox =
          new Inbox(tables.database, Map.of("test.happened", (_, _) -> {}), tables.registry);
      queue.send(TestQueue.event(UUID.randomUUID(), 1));
      Publisher away = _ -> new Publisher.Outcome(Set.of(), Set.of(), true);
      try (Relay relay =
              new Relay(
                  "urn:microflow:test", config.lease(), tables.database, away, tables.registry);
          QueueDepth _ = new QueueDepth(config, queue, tables.registry);
          SqsConsumer consumer = new SqsConsumer(config, queue, inbox::handle, tables.registry)) {
        relay.start();
        consumer.start();
        Predicate<String> said =
            name ->
                Collections.list(tables.registry.metricFamilySamples()).stream()
                    .flatMap(family -> family.samples.stream())
                    .anyMatch(sample -> sample.name.equals(name));
        await().until(() -> said.test("sqs_handled_total") && said.test("sqs_queue_messages"));
        await()
            .until(() -> {
              Double unsent = tables.registry.getSampleValue("outbox_unsent");
              return !unsent.isNaN();
            });
        return Collections.list(tables.registry.metricFamilySamples()).stream()
            .flatMap(family -> family.samples.stream())
            .toList();
      }
    }
  }

  @Test
  void an_alert_says_what_happens_and_what_to_do() throws IOException {
    for (JsonNode rule : rules()) {
      String name = rule.path("alert").asText();
      assertThat(rule.at("/labels/severity").asText()).as(name).isIn("warning", "critical");
      assertThat(rule.path("for").asText()).as(name).isNotBlank();
      for (String text : List.of("summary", "description", "action")) {
        assertThat(rule.path("annotations").path(text).asText()).as(name).isNotBlank();
      }
      assertThat(rule.at("/annotations/action").asText())
          .as(name)
          .containsPattern("docs/\\w+(-\\w+)*\\.md\\.$");
    }
  }

  @Test
  void an_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() throws IOException {
    Set<String> fires = new HashSet<>();
    Set<String> silent = new HashSet<>();
    for (Path file : tests()) {
      for (JsonNode test : new YAMLMapper().readTree(file.toFile()).path("tests")) {
        Set<String> firesHere = new HashSet<>();
        Set<String> asked = new HashSet<>();
        for (JsonNode one : test.path("alert_rule_test")) {
          asked.add(one.path("alertname").asText());
          if (!one.path("exp_alerts").isEmpty()) {
            firesHere.add(one.path("alertname").asText());
          }
        }
        fires.addAll(firesHere);
        asked.removeAll(firesHere);
        silent.addAll(asked);
      }
    }

    List<String> names = rules().stream().map(rule -> rule.path("alert").asText()).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(fires).containsExactlyInAnyOrderElementsOf(names);
    assertThat(silent).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void alerts_fire_when_their_tests_say_so() throws Exception {
    Assumptions.assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
        "the alerts' own tests need promtool: install Debian's package prometheus");
    List<String> command = new ArrayList<>(List.of("promtool", "test", "rules"));
    tests().forEach(file -> command.add(file.toString()));

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).as(said).isZero();
  }

  private List<JsonNode> rules() throws IOException {
    return rules(".*");
  }

  private List<JsonNode> rules(String groups) throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (JsonNode group :
        new YAMLMapper().readTree(folder.resolve("alerts.yml").toFile()).path("groups")) {
      if (group.path("name").asText().matches(groups)) {
        group.path("rules").forEach(rules::add);
      }
    }
    assertThat(rules).hasSizeGreaterThan(5);
    return rules;
  }

  private List<Path> tests() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("tests"))) {
      return files.sorted().toList();
    }
  }
}
