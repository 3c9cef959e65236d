package com.telconova.local.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// The files that Grafana reads, as they lie in the checkout.
final class DashboardsTest {
  ///
  /// https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts
  private static final Set<String> UNITS =
      Set.of(
          "none",
          "percentunit",
          "s",
          "bytes",
          "Bps",
          "pps",
          "ops",
          "reqps",
          "iops",
          "eps",
          "mps",
          "dateTimeFromNow",
          "suffix: /h");

  private static final Path FOLDER = Checkout.find().root().resolve("grafana/dashboards");

  @Test
  void what_is_checked_in_is_what_is_generated() throws IOException {
    Map<String, ObjectNode> generated = Dashboards.files();
    if (Boolean.getBoolean("microflow.dashboards")) {
      for (var file : generated.entrySet()) {
        Files.writeString(FOLDER.resolve(file.getKey()), file.getValue().toPrettyString() + "\n");
      }
    }

    Map<String, JsonNode> checkedIn = files();

    assertThat(checkedIn.keySet()).containsExactlyInAnyOrderElementsOf(generated.keySet());
    for (var file : generated.entrySet()) {
      assertThat(checkedIn.get(file.getKey()).toPrettyString())
          .as(
              "%s is not what Dashboards makes; write it by: mvn -pl local -am test"
                  + " -Dtest=DashboardsTest -Dsurefire.failIfNoSpecifiedTests=false"
                  + " -Dmicroflow.dashboards=true",
              file.getKey())
          .isEqualTo(Mappers.TOLERANT.readTree(file.getValue().toString()).toPrettyString());
    }
  }

  @Test
  void a_panel_says_what_it_shows_in_which_unit_and_where_from() throws IOException {
    for (var file : files().entrySet()) {
      for (JsonNode panel : panels(file.getValue())) {
        String name = file.getKey() + " " + panel.path("title").asText();
        assertThat(panel.path("title").asText()).as(name).isNotBlank();
        assertThat(panel.path("description").asText()).as(name).endsWith(".").hasSizeGreaterThan(8);
        JsonNode defaults = panel.at("/fieldConfig/defaults");
        assertThat(UNITS).as(name).contains(defaults.path("unit").asText());
        assertThat(defaults.at("/thresholds/steps")).as(name).isNotEmpty();
        assertThat(defaults.at("/thresholds/steps/0/value").isNull()).as(name).isTrue();
        assertThat(panel.at("/datasource/uid").asText()).as(name).isEqualTo("${datasource}");
        assertThat(panel.path("targets")).as(name).isNotEmpty();
        Set<String> ids = new HashSet<>();
        for (JsonNode target : panel.path("targets")) {
          String query = target.path("expr").asText();
          assertThat(target.at("/datasource/uid").asText()).as(name).isEqualTo("${datasource}");
          assertThat(target.path("legendFormat").asText()).as(name).isNotBlank();
          assertThat(ids.add(target.path("refId").asText())).as(name).isTrue();
          assertThat(query).as(name).doesNotContain("@").contains("service");
          // A range of fixed length shows nothing when a scrape is missed, or hides peaks.
          if (!query.contains("[1d]")) {
            assertThat(query).as(name).doesNotContainPattern("\\[(?!\\$__rate_interval]|\\.])");
          }
        }
      }
    }
  }

  @Test
  void panels_have_ids_and_places_of_their_own() throws IOException {
    for (var file : files().entrySet()) {
      Set<Integer> ids = new HashSet<>();
      Set<String> cells = new HashSet<>();
      for (JsonNode panel : file.getValue().path("panels")) {
        String name = file.getKey() + " " + panel.path("title").asText();
        assertThat(ids.add(panel.path("id").asInt())).as(name).isTrue();
        JsonNode at = panel.path("gridPos");
        assertThat(at.path("x").asInt() + at.path("w").asInt()).as(name).isBetween(1, 24);
        for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
          for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
            assertThat(cells.add(x + "," + y)).as("%s lies over another", name).isTrue();
          }
        }
      }
    }
  }

  @Test
  void links_lead_to_every_other_dashboard() throws IOException {
    Map<String, JsonNode> files = files();
    List<String> addresses =
        files.values().stream().map(file -> "/d/" + file.path("uid").asText()).toList();
    assertThat(addresses).doesNotHaveDuplicates();

    for (JsonNode dashboard : files.values()) {
      List<String> led = new ArrayList<>();
      dashboard.path("links").forEach(link -> led.add(link.path("url").asText()));
      led.add("/d/" + dashboard.path("uid").asText());
      assertThat(led).containsExactlyInAnyOrderElementsOf(addresses);
    }
  }

  @Test
  void a_dashboard_has_a_choice_of_instances_and_shows_when_they_began() throws IOException {
    for (var file : files().entrySet()) {
      List<String> variables = new ArrayList<>();
      file.getValue()
          .at("/templating/list")
          .forEach(variable -> variables.add(variable.path("name").asText()));
      assertThat(variables).as(file.getKey()).contains("datasource", "instance");
      for (JsonNode panel : panels(file.getValue())) {
        String queries = panel.path("targets").toString();
        if (queries.contains("$service")) {
          assertThat(variables).as(file.getKey()).contains("service");
        }
      }
      assertThat(file.getValue().at("/annotations/list/1/expr").asText())
          .as(file.getKey())
          .startsWith("process_start_time_seconds{");
    }
  }

  private static List<JsonNode> panels(JsonNode dashboard) {
    return StreamSupport.stream(dashboard.path("panels").spliterator(), false)
        .filter(panel -> !panel.path("type").asText().equals("row"))
        .toList();
  }

  private static Map<String, JsonNode> files() throws IOException {
    Map<String, JsonNode> files = new TreeMap<>();
    try (var found = Files.newDirectoryStream(FOLDER)) {
      for (Path file : found) {
        files.put(file.getFileName().toString(), Mappers.TOLERANT.readTree(file.toFile()));
      }
    }
    return files;
  }
}
