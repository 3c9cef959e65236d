package com.telconova.local.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Holds `docker/compose.yaml` to what `docs/compose.md` says of it. Whether Docker understands it
/// is `docker compose config`'s to say.
final class ComposeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern REQUIRED = Pattern.compile("\\$\\{(\\w+):\\?");
  private static final Pattern VERSION = Pattern.compile("[\\w./-]+:v?\\d+\\.\\d+(\\.\\d+)?");
  private static final URI EMULATOR = URI.create("http://emulator:4566");

  private final Path root = Checkout.find().root();
  private final String text = read(root.resolve("docker/compose.yaml"));
  private final JsonNode services =
      JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(text))
          .path("services");

  @Test
  void every_image_of_others_is_of_one_version() {
    var images =
        services.valueStream().map(s -> s.path("image").asText()).filter(i -> !isOurs(i)).toList();

    assertThat(images).hasSize(6).allMatch(image -> VERSION.matcher(image).matches());
  }

  @Test
  void everything_is_bounded_and_nothing_is_privileged_or_open_to_the_network() {
    for (var service : services.properties()) {
      var settings = service.getValue();

      assertThat(settings.fieldNames())
          .toIterable()
          .as(service.getKey())
          .contains("mem_limit", "cpus", "pids_limit", "restart")
          .doesNotContain("privileged", "cap_add", "network_mode", "pid", "ipc", "devices");
      assertThat(settings.path("security_opt").toString()).contains("no-new-privileges:true");
      assertThat(settings.path("ports"))
          .allMatch(port -> port.asText().startsWith("127.0.0.1:"), service.getKey());
      assertThat(settings.path("volumes").toString()).doesNotContain("docker.sock");
    }
  }

  @Test
  void what_is_ours_runs_as_on_ecs() {
    var ours = services.properties().stream().filter(s -> isOurs(image(s.getValue()))).toList();

    assertThat(ours).hasSize(5);
    for (var service : ours) {
      var settings = service.getValue();
      assertThat(settings.path("user").asText()).isEqualTo("65532:65532");
      assertThat(settings.path("read_only").asBoolean()).isTrue();
      assertThat(settings.path("tmpfs").path(0).asText())
          .isEqualTo("/tmp:size=32m,mode=1777,noexec,nosuid,nodev");
      assertThat(settings.path("cap_drop").toString()).isEqualTo("[\"ALL\"]");
      assertThat(settings.path("mem_limit").asText()).isEqualTo("256m");
      assertThat(settings.path("memswap_limit").asText()).isEqualTo("256m");
      assertThat(settings.path("cpus").asDouble()).isEqualTo(0.5);
      assertThat(settings.at("/ulimits/nofile").asText()).isEqualTo("${OPEN_FILES:-65536}");
      assertThat(settings.path("stop_grace_period").asText()).isEqualTo("60s");
      assertThat(settings.has("healthcheck")).isFalse();
      assertThat(image(settings))
          .isEqualTo("microflow/" + settings.at("/build/args/SERVICE").asText());
    }
  }

  @Test
  void a_service_waits_for_what_it_cannot_start_without() {
    for (var service : Topology.SERVICES) {
      var needs = services.path(service).path("depends_on");

      assertThat(needs.at("/migrate/condition").asText())
          .isEqualTo("service_completed_successfully");
      assertThat(needs.at("/emulator/condition").asText()).isEqualTo("service_healthy");
    }
    assertThat(services.at("/migrate/depends_on/postgres/condition").asText())
        .isEqualTo("service_healthy");
    assertThat(services.at("/postgres/healthcheck/test").toString()).contains("pg_isready");
    assertThat(services.at("/postgres/volumes/0").asText())
        .isEqualTo("postgres:/var/lib/postgresql");
  }

  @Test
  void every_setting_is_one_that_its_process_knows() throws IOException {
    for (var service : services.properties()) {
      if (isOurs(image(service.getValue()))) {
        var known = sources(service.getKey());
        var names = service.getValue().path("environment").fieldNames();
        assertThat(names)
            .toIterable()
            .as(service.getKey())
            .isNotEmpty()
            .allMatch(name -> Pattern.compile("\\b" + name + "\\b").matcher(known).find());
      }
    }
  }

  @Test
  void no_secret_stands_in_it_and_each_that_it_asks_for_is_made() {
    for (var service : services.properties()) {
      for (var setting : service.getValue().path("environment").properties()) {
        if (setting.getKey().matches(".*(PASSWORD|MASTER_KEY|ADMIN_EMAIL)")) {
          assertThat(setting.getValue().asText())
              .as(setting.getKey())
              .matches("\\$\\{\\w+:\\?[^}]*}");
        }
      }
    }
    var asked =
        REQUIRED.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    var script = read(root.resolve("docker/env.sh"));
    for (var name : asked) {
      assertThat(script)
          .as(name)
          .containsPattern("\\b" + name.replaceFirst("_PASSWORD$", "") + "\\b");
    }
    assertThat(read(root.resolve(".gitignore")).lines()).contains(".env");
    assertThat(read(root.resolve(".dockerignore")).lines()).contains("**/.env");
  }

  @Test
  void the_emulator_has_what_the_workbench_gives_it() throws IOException {
    var topology = Topology.standard();

    // The order of the attributes of a queue is not the same each time.
    assertThat(unfolded(JSON.readTree(root.resolve("docker/emulator.json").toFile())))
        .as("docker/emulator.json, which must say what Topology.json() does")
        .isEqualTo(unfolded(JSON.readTree(topology.json())));
    for (var service : Topology.SERVICES) {
      var environment = services.path(service).path("environment");
      assertThat(environment.path("TOPIC_ARN").asText()).isEqualTo(topology.topicArn(service));
      assertThat(environment.path("QUEUE_URL").asText())
          .isEqualTo(topology.queueUrl(EMULATOR, service).toString());
    }
    assertThat(services.at("/tracking/environment/EVIDENCE_BUCKET").asText())
        .isEqualTo(topology.bucket());
  }

  @Test
  void prometheus_finds_each_service_by_the_name_that_it_has_on_ecs() {
    var asked =
        Pattern.compile("\\[(\\w+\\.microflow\\.internal)]")
            .matcher(read(root.resolve("prometheus/prometheus.yml")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    var given =
        services
            .valueStream()
            .flatMap(service -> service.at("/networks/default/aliases").valueStream())
            .map(JsonNode::asText)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(given).isEqualTo(asked).hasSize(3);
  }

  private String sources(String service) throws IOException {
    var folders =
        Map.of(
                "migrate", "sql/src/main/java",
                "gateway", "local/src/main/java/com/telconova/local/gateway")
            .getOrDefault(service, service + "/src/main/java");
    return texts(folders) + (service.equals("migrate") ? "" : texts("shared/src/main"));
  }

  private String texts(String folder) throws IOException {
    try (var files = Files.walk(root.resolve(folder))) {
      return files
          .filter(file -> file.toString().matches(".*\\.(java|xml)"))
          .map(ComposeTest::read)
          .collect(Collectors.joining());
    }
  }

  // Policies are JSON within JSON.
  private static JsonNode unfolded(JsonNode node) throws IOException {
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        field.setValue(unfolded(field.getValue()));
      }
      return object;
    }
    if (node.isArray()) {
      for (var item : node) {
        unfolded(item);
      }
      return node;
    }
    return node.asText().startsWith("{") ? JSON.readTree(node.asText()) : node;
  }

  private static boolean isOurs(String image) {
    return image.startsWith("microflow/");
  }

  private static String image(JsonNode service) {
    return service.path("image").asText();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
