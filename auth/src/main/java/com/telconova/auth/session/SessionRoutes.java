package com.telconova.auth.session;

import com.telconova.auth.account.AccountRoutes.UserView;
import com.telconova.auth.session.Sessions.Grant;
import com.telconova.shared.config.Secret;
import com.telconova.shared.http.Requests;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Logging in and staying so.
public final class SessionRoutes {
  private final Sessions sessions;

  public SessionRoutes(Sessions sessions) {
    this.sessions = sessions;
  }

  public void register(RoutesConfig routes) {
    routes.post("/auth/login", this::login, Role.ANYONE);
    routes.post("/auth/refresh", this::refresh, Role.ANYONE);
  }

  private void login(Context ctx) {
    Login body = Json.read(ctx, Login.class);
    Origin origin = Origin.of(Requests.clientAddress(ctx), ctx.userAgent());
    Grant grant = sessions.login(body.email(), new Secret(body.password()), origin);
    answer(ctx, GrantView.of(grant, UserView.of(grant.user())));
  }

  private void refresh(Context ctx) {
    Refresh body = Json.read(ctx, Refresh.class);
    answer(ctx, GrantView.of(sessions.refresh(body.refreshToken()), null));
  }

  /// Tokens are for the one who asked, never for a cache (RFC 6749 §5.1).
  private static void answer(Context ctx, GrantView view) {
    ctx.header("Cache-Control", "no-store").json(view);
  }

  /// @param expiresIn seconds
  /// @param user absent from the answer to a refresh
  private record GrantView(
      String accessToken, String refreshToken, String tokenType, long expiresIn, UserView user) {
    static GrantView of(Grant grant, UserView user) {
      return new GrantView(
          grant.accessToken().value(),
          grant.refreshToken().value(),
          "Bearer",
          grant.expiresIn().toSeconds(),
          user);
    }
  }

  private record Login(String email, String password) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/email", email);
      faults.present("/password", password);
    }
  }

  private record Refresh(String refreshToken) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/refreshToken", refreshToken);
    }
  }
}
