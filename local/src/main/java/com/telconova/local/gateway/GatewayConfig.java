package com.telconova.local.gateway;

import com.telconova.local.gateway.Backend.Instance;
import com.telconova.shared.config.Secret;
import com.telconova.shared.config.Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything the gateway's own process can be told.
///
/// @param bindAddress `BIND_ADDRESS`: the local address, default 127.0.0.1
/// @param port `GATEWAY_PORT`: where it listens, 0 for a free one, default 8080
/// @param auth `AUTH_URL`: the only instance of auth, without a trailing slash
/// @param workorder `WORKORDER_URL`: likewise
/// @param tracking `TRACKING_URL`: likewise
/// @param throttled `GATEWAY_THROTTLING`: `on` or `off`, default on
/// @param key `GATEWAY_API_KEY`: the key to ask for, 16 characters at least; none is asked for when
///   it is not set, or `-`
record GatewayConfig(
    String bindAddress,
    int port,
    URI auth,
    URI workorder,
    URI tracking,
    boolean throttled,
    Optional<Secret> key) {
  private static final String KEY = "GATEWAY_API_KEY";
  private static final String UNSET = "-";

  /// @throws com.telconova.shared.config.InvalidConfiguration naming every fault at once
  static GatewayConfig from(Map<String, String> environment) {
    var settings = Settings.of(environment);
    // What a fault was found in is null until the settings are checked.
    Boolean throttled =
        settings.value("GATEWAY_THROTTLING", "on", "'on' or 'off'", GatewayConfig::isOn);
    var config =
        new GatewayConfig(
            settings.text("BIND_ADDRESS", "127.0.0.1"),
            settings.port("GATEWAY_PORT", 8080),
            settings.uri("AUTH_URL"),
            settings.uri("WORKORDER_URL"),
            settings.uri("TRACKING_URL"),
            Boolean.TRUE.equals(throttled),
            settings.text(KEY, UNSET).equals(UNSET)
                ? Optional.empty()
                : Optional.of(settings.secret(KEY, 16)));
    settings.check();
    return config;
  }

  /// To the three of them.
  Routes routes() {
    return new Routes(only(auth), only(workorder), only(tracking));
  }

  /// What it asks of its callers.
  Terms terms() {
    return new Terms(throttled, key.map(Secret::value));
  }

  // Nobody asks the only instance whether it is ready: there is no other to choose.
  private static Backend only(URI api) {
    return new Backend(List.of(new Instance(api, api)));
  }

  private static boolean isOn(String text) {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
