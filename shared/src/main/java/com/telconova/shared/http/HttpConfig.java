package com.telconova.shared.http;

import com.telconova.shared.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Where and how a service listens.
///
/// @param bindAddress `BIND_ADDRESS`: the local address, default 0.0.0.0
/// @param port `HTTP_PORT`: the API's port; 0 for a free one
/// @param adminPort `ADMIN_PORT`: metrics and health, never routed from outside; 0 for a free one
/// @param trustedProxies `TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` counts, separated by
///   commas; none by default
/// @param linger `STOP_LINGER_SECONDS`: how long requests are still served after readiness says no,
///   0 to 60, default 10
public record HttpConfig(
    String bindAddress, int port, int adminPort, Set<String> trustedProxies, Duration linger) {
  public HttpConfig {
    trustedProxies = Set.copyOf(trustedProxies);
  }

  public static HttpConfig from(Settings settings, int port, int adminPort) {
    return new HttpConfig(
        settings.text("BIND_ADDRESS", "0.0.0.0"),
        settings.port("HTTP_PORT", port),
        settings.port("ADMIN_PORT", adminPort),
        Set.copyOf(List.of(settings.text("TRUSTED_PROXIES", "-").split("\\s*,\\s*"))),
        settings.seconds("STOP_LINGER_SECONDS", 10, 0, 60));
  }
}
