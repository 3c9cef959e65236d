package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds the load balancer's rules on AWS to what the services document.
final class TerraformPathsTest {
  private final Path root = Checkout.find().root();

  @ParameterizedTest
  @ValueSource(strings = {"auth", "workorder", "tracking"})
  void each_documented_path_leads_to_its_service_and_to_no_other(String service)
      throws IOException {
    JsonNode rules =
        new ObjectMapper().readTree(root.resolve("terraform/modules/stack/paths.json").toFile());
    List<String> paths =
        Files.readAllLines(root.resolve("docs/openapi/" + service + ".yaml")).stream()
            .filter(line -> line.startsWith("  /") && line.endsWith(":"))
            .map(line -> line.strip().replaceFirst(":$", ""))
            // Each service has these, and the gateway knows them by the service's prefix only.
            .filter(path -> !List.of("/docs", "/openapi.yaml", "/asyncapi.yaml").contains(path))
            .toList();

    assertThat(paths).hasSizeGreaterThan(5);
    for (String path : paths) {
      assertThat(Topology.SERVICES.stream().filter(owner -> owns(rules.path(owner), path)))
          .as(path)
          .containsExactly(service);
    }
  }

  /// As the listener's rules have it: a prefix is a path and what is below it.
  private static boolean owns(JsonNode rules, String path) {
    return texts(rules.path("exact")).contains(path)
        || texts(rules.path("prefixes")).stream()
            .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
