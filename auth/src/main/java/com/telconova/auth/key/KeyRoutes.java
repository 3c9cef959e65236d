package com.telconova.auth.key;

import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;

/// The public keys, for every service that verifies tokens itself.
public final class KeyRoutes {
  /// Short enough that a new key is known everywhere before long.
  private static final Duration CACHED = Duration.ofMinutes(5);

  private final SigningKeys keys;

  public KeyRoutes(SigningKeys keys) {
    this.keys = keys;
  }

  public void register(RoutesConfig routes) {
    routes.get("/.well-known/jwks.json", this::published, Role.ANYONE);
  }

  private void published(Context ctx) {
    ctx.header("Cache-Control", "public, max-age=" + CACHED.toSeconds());
    ctx.json(keys.published());
  }
}
