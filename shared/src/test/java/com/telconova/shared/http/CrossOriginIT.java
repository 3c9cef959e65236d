package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.InvalidConfiguration;
import com.telconova.shared.config.Settings;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a page from elsewhere is told with each answer.
final class CrossOriginIT {

  private static final String ALLOW = "Access-Control-Allow-Origin";
  private static final String EXPOSE = "Access-Control-Expose-Headers";
  private static final HttpConfig OPEN =
      new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO, "https://app.example.com");

  @Test
  void whose_pages_may_read_it_stands_in_every_answer_whatever_it_says() throws Exception {
    try (var house = new House(OPEN, CrossOriginIT::routes)) {
      for (var path : List.of("/things", "/nothing", "/private", "/bug", "/..%2fthings")) {
        var answer = house.get(path);

        assertThat(answer.headers().allValues(ALLOW))
            .as(path + " " + answer.statusCode())
            .containsExactly("https://app.example.com");
        assertThat(answer.headers().firstValue(EXPOSE).orElse(""))
            .contains("ETag", "Location", "Retry-After", "X-Request-Id");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
      }
    }
  }

  @Test
  void without_a_word_about_it_no_answer_says_any() throws Exception {
    try (var house = new House(CrossOriginIT::routes)) {
      HttpResponse<String> answer = house.get("/things");

      assertThat(answer.headers().firstValue(ALLOW)).isEmpty();
      assertThat(answer.headers().firstValue(EXPOSE)).isEmpty();
    }
  }

  @Test
  void what_is_no_origin_is_refused_at_the_start() {
    for (var origin : List.of("*", "https://app.example.com", "http://localhost:3000")) {
      assertThat(configured(origin).allowedOrigin()).isEqualTo(origin);
    }
    for (var nonsense : List.of("app.example.com", "https://app.example.com/", "https://a b")) {
      assertThatThrownBy(() -> configured(nonsense))
          .as(nonsense)
          .isInstanceOf(InvalidConfiguration.class)
          .hasMessageContaining("CORS_ALLOWED_ORIGIN");
    }
  }

  private static HttpConfig configured(String origin) {
    Settings settings = Settings.of(Map.of("CORS_ALLOWED_ORIGIN", origin));
    HttpConfig config = HttpConfig.from(settings, 0, 0);
    settings.check();
    return config;
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/things", ctx -> ctx.json(Map.of("ok", true)), Role.ANYONE);
    routes.get("/private", ctx -> ctx.json(Map.of("ok", true)), Role.ADMIN);
    routes.get("/bug", CrossOriginIT::bug, Role.ANYONE);
  }

  private static void bug(Context ctx) {
    Optional.empty().orElseThrow();
  }
}
