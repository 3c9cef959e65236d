package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoutesTest {

  private static final Backend AUTH = at("http://auth");
  private static final Backend WORKORDER = at("http://workorder");
  private static final Backend TRACKING = at("http://tracking");

  private final Routes routes = new Routes(AUTH, WORKORDER, TRACKING);

  @Test
  void each_path_has_the_owner_that_the_design_names() {
    for (var path :
        List.of("/auth/login", "/users", "/users/1", "/auth", "/.well-known/jwks.json")) {
      assertThat(routes.owner(path)).as(path).contains(AUTH);
    }
    for (var path : List.of("/orders", "/orders/1/assign", "/technicians", "/dispatch")) {
      assertThat(routes.owner(path)).as(path).contains(WORKORDER);
    }
    for (var path : List.of("/tracking/1", "/tracking/stream", "/evidence/1", "/notifications/1")) {
      assertThat(routes.owner(path)).as(path).contains(TRACKING);
    }
  }

  @Test
  void every_path_that_a_service_documents_is_its_own() throws IOException {
    Map<String, Backend> owners =
        Map.of("auth", AUTH, "workorder", WORKORDER, "tracking", TRACKING);
    for (String service : owners.keySet()) {
      Path document = Checkout.find().root().resolve("docs/openapi/" + service + ".yaml");
      List<String> paths =
          Files.readAllLines(document).stream()
              .filter(line -> line.startsWith("  /"))
              .map(line -> line.strip().replace(":", "").replaceAll("\\{[^}]*}", "1"))
              .toList();
      assertThat(paths).isNotEmpty();
      for (String path : paths) {
        assertThat(routes.owner(path)).as(path).contains(owners.get(service));
      }
    }
  }

  @Test
  void nobody_owns_what_only_begins_alike_or_is_private() {
    for (var path : List.of("/", "/ordersX", "/metrics", "/health/live", "/.well-known", "/jfr")) {
      assertThat(routes.owner(path)).as(path).isEmpty();
    }
  }

  private static Backend at(String uri) {
    return new Backend(List.of(new Backend.Instance(URI.create(uri), URI.create(uri))));
  }
}
