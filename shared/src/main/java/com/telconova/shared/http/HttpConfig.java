package com.telconova.shared.http;

import com.telconova.shared.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Where and how a service listens.
///
/// @param bindAddress `BIND_ADDRESS`: the local address, default 0.0.0.0
/// @param port `HTTP_PORT`: the API's port; 0 for a free one
/// @param adminPort `ADMIN_PORT`: metrics and health, never routed from outside; 0 for a free one
/// @param trustedProxies `TRUSTED_PROXIES`: addresses and networks such as `10.0.0.0/8` whose
///   `X-Forwarded-For` counts, separated by commas; none by default
/// @param linger `STOP_LINGER_SECONDS`: how long requests are still served after readiness says no,
///   0 to 60, default 10
/// @param allowedOrigin `CORS_ALLOWED_ORIGIN`: whose pages may read answers, an origin such as
///   `https://app.example.com` or `*` for all; empty, the default, for none but our own
public record HttpConfig(
    String bindAddress,
    int port,
    int adminPort,
    Set<String> trustedProxies,
    Duration linger,
    String allowedOrigin) {
  private static final String NONE = "-";
  private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[A-Za-z0-9.:\\[\\]-]+");

  public HttpConfig {
    // What a fault was found in is null until the settings are checked.
    trustedProxies = trustedProxies == null ? Set.of() : Set.copyOf(trustedProxies);
    allowedOrigin = allowedOrigin == null ? "" : allowedOrigin;
  }

  /// For our own pages only.
  public HttpConfig(
      String bindAddress, int port, int adminPort, Set<String> trustedProxies, Duration linger) {
    this(bindAddress, port, adminPort, trustedProxies, linger, "");
  }

  public static HttpConfig from(Settings settings, int port, int adminPort) {
    return new HttpConfig(
        settings.text("BIND_ADDRESS", "0.0.0.0"),
        settings.port("HTTP_PORT", port),
        settings.port("ADMIN_PORT", adminPort),
        settings.value(
            "TRUSTED_PROXIES",
            NONE,
            "addresses and networks such as 10.0.0.0/8, separated by commas",
            HttpConfig::proxies),
        settings.seconds("STOP_LINGER_SECONDS", 10, 0, 60),
        settings.value(
            "CORS_ALLOWED_ORIGIN",
            NONE,
            "an origin such as https://app.example.com, without a path, or *",
            HttpConfig::origin));
  }

  private static String origin(String text) {
    if (text.equals(NONE)) {
      return "";
    }
    if (!ORIGIN.matcher(text).matches()) {
      throw new IllegalArgumentException("not an origin");
    }
    return text;
  }

  private static Set<String> proxies(String text) {
    Set<String> proxies =
        text.equals(NONE) ? Set.of() : Set.copyOf(List.of(text.split("\\s*,\\s*", -1)));
    new TrustedProxies(proxies);
    return proxies;
  }
}
