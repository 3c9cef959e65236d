package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class ApiTest {

  private final Api api = Api.documented();

  @Test
  void every_operation_that_a_service_documents_is_routed_to_it() throws IOException {
    for (var service : Topology.SERVICES) {
      var file = Checkout.find().root().resolve("docs/openapi/" + service + ".yaml").toFile();
      var paths = new YAMLMapper().readTree(file).path("paths");
      assertThat(paths).isNotEmpty();
      for (var path : paths.properties()) {
        var resource = api.find(path.getKey().replaceAll("\\{[^}]*}", "1")).orElseThrow();

        assertThat(resource.service()).as(path.getKey()).isEqualTo(service);
        for (var method : List.of("get", "post", "put", "patch", "delete")) {
          assertThat(resource.methods().containsKey(method.toUpperCase(Locale.ROOT)))
              .as(method + " " + path.getKey())
              .isEqualTo(path.getValue().has(method));
        }
      }
    }
  }

  @Test
  void nothing_is_routed_that_only_begins_alike_or_goes_further_or_is_private() {
    for (var path :
        List.of(
            "",
            "/",
            "//",
            "/ordersX",
            "/orders//history",
            "/orders/1/history/2",
            "/auth",
            "/docs",
            "/metrics",
            "/health/live",
            "/.well-known",
            "/jfr",
            "/openapi.yaml")) {
      assertThat(api.find(path)).as(path).isEmpty();
    }
  }

  @Test
  void a_slash_at_the_end_says_nothing() {
    assertThat(api.find("/orders/")).isEqualTo(api.find("/orders")).isPresent();
    assertThat(api.find("/orders/1/")).isEqualTo(api.find("/orders/2")).isPresent();
  }

  @Test
  void a_name_wins_over_a_parameter() {
    assertThat(api.find("/tracking/stream").orElseThrow().method("GET").streams()).isTrue();
    assertThat(api.find("/tracking/1").orElseThrow().method("GET").streams()).isFalse();
    assertThat(api.find("/orders/export").orElseThrow().method("GET").streams()).isTrue();
  }

  @Test
  void a_method_that_no_document_names_goes_to_the_service_and_needs_a_key_as_the_others_do() {
    assertThat(api.find("/orders").orElseThrow().method("PURGE").keyed()).isTrue();
    assertThat(api.find("/.well-known/jwks.json").orElseThrow().method("HEAD").keyed()).isFalse();
  }
}
