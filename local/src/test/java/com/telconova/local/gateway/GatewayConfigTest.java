package com.telconova.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.InvalidConfiguration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GatewayConfigTest {
  private static final Map<String, String> LEAST =
      Map.of(
          "AUTH_URL", "http://auth:8081",
          "WORKORDER_URL", "http://workorder:8082",
          "TRACKING_URL", "http://tracking:8083");

  @Test
  void it_needs_the_three_services_only_and_listens_where_nobody_else_can_ask() {
    var config = GatewayConfig.from(LEAST);

    assertThat(config.bindAddress()).isEqualTo("127.0.0.1");
    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.terms()).isEqualTo(Terms.USUAL);
    assertThat(config.routes().of("tracking").next().api()).hasHost("tracking").hasPort(8083);
  }

  @Test
  void it_asks_for_the_key_that_it_was_told_and_does_not_show_it() {
    var settings = new HashMap<>(LEAST);
    settings.put("GATEWAY_API_KEY", "0123456789abcdef");

    var config = GatewayConfig.from(settings);

    assertThat(config.terms()).isEqualTo(Terms.USUAL.withKey("0123456789abcdef"));
    assertThat(config.toString()).doesNotContain("0123456789abcdef");
  }

  @Test
  void every_fault_is_named_at_once() {
    assertThatThrownBy(() ->
            GatewayConfig.from(Map.of("GATEWAY_THROTTLING", "no", "GATEWAY_API_KEY", "short")))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContainingAll(
            "AUTH_URL", "WORKORDER_URL", "TRACKING_URL", "GATEWAY_THROTTLING", "GATEWAY_API_KEY");
  }
}
