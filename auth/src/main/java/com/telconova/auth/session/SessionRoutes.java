package com.telconova.auth.session;

import com.telconova.auth.account.UserRole;
import com.telconova.auth.account.UserView;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.session.Logins.LoggedIn;
import com.telconova.auth.session.Sessions.Grant;
import com.telconova.shared.config.Secret;
import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Logging in, staying so, and logging out.
public final class SessionRoutes {
  private static final Role[] EVERY_USER = UserRole.everyUser();
  private static final Role[] EVERYBODY = {
    Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMIN, Role.SERVICE
  };

  private final Logins logins;
  private final Sessions sessions;
  private final OwnSessions own;

  public SessionRoutes(Logins logins, Sessions sessions, OwnSessions own) {
    this.logins = logins;
    this.sessions = sessions;
    this.own = own;
  }

  public void register(RoutesConfig routes) {
    routes.post("/auth/login", this::login, Role.ANYONE);
    routes.post("/auth/refresh", this::refresh, Role.ANYONE);
    routes.post("/auth/logout", this::logOut, EVERY_USER);
    routes.get("/auth/sessions", this::list, EVERY_USER);
    routes.delete("/auth/sessions/{id}", this::end, EVERY_USER);
    routes.get("/auth/validate", this::validate, EVERYBODY);
  }

  private void login(Context ctx) {
    Login body = Json.read(ctx, Login.class);
    ctx.header("Cache-Control", "no-store"); // what is refused may come with a secret, too
    LoggedIn in =
        logins.login(body.email(), new Secret(body.password()), body.totp(), Origin.of(ctx));
    answer(ctx, GrantView.of(in.grant(), UserView.of(in.grant().user()), in.recoveryCodes()));
  }

  private void refresh(Context ctx) {
    Refresh body = Json.read(ctx, Refresh.class);
    answer(
        ctx, GrantView.of(sessions.refresh(body.refreshToken(), Origin.of(ctx)), null, List.of()));
  }

  private void logOut(Context ctx) {
    Query query = Query.of(ctx, "all");
    Boolean all = query.flag("all");
    query.check();
    if (Boolean.TRUE.equals(all)) {
      own.logOutEverywhere(Requests.principal(ctx), Origin.of(ctx));
    } else {
      own.logOut(Requests.principal(ctx), Origin.of(ctx));
    }
    ctx.status(204);
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    Principal caller = Requests.principal(ctx);
    ctx.json(own.list(caller, page).map(session -> SessionView.of(session, caller)));
  }

  private void end(Context ctx) {
    own.end(Requests.principal(ctx), Origin.of(ctx), Requests.id(ctx, "id"));
    ctx.status(204);
  }

  private void validate(Context ctx) {
    Principal caller = Requests.principal(ctx);
    own.requireInForce(caller);
    ctx.header("Cache-Control", "no-store").json(TokenView.of(caller));
  }

  /// Tokens are for the one who asked, never for a cache (RFC 6749 §5.1).
  private static void answer(Context ctx, GrantView view) {
    ctx.header("Cache-Control", "no-store").json(view);
  }

  /// @param expiresIn seconds
  /// @param user absent from the answer to a refresh
  /// @param recoveryCodes absent but from the login that enrols
  private record GrantView(
      String accessToken,
      String refreshToken,
      String tokenType,
      long expiresIn,
      UserView user,
      List<String> recoveryCodes) {
    static GrantView of(Grant grant, UserView user, List<String> recoveryCodes) {
      return new GrantView(
          grant.accessToken().value(),
          grant.refreshToken().value(),
          "Bearer",
          grant.expiresIn().toSeconds(),
          user,
          recoveryCodes.isEmpty() ? null : recoveryCodes);
    }
  }

  /// @param current whether it is the session of the one who asks
  private record SessionView(
      UUID id,
      String device,
      String address,
      Instant createdAt,
      Instant lastUsedAt,
      boolean current) {
    static SessionView of(OwnSession session, Principal caller) {
      return new SessionView(
          session.id(),
          session.origin().device(),
          session.origin().address(),
          session.createdAt(),
          session.lastUsedAt(),
          session.id().equals(caller.sessionId()));
    }
  }

  /// A token that counts, in the words of RFC 7662; one that does not gets 401.
  ///
  /// @param exp seconds since 1970
  private record TokenView(boolean active, UUID sub, List<Role> roles, UUID sid, long exp) {
    static TokenView of(Principal caller) {
      return new TokenView(
          true,
          caller.userId(),
          List.of(caller.role()),
          caller.sessionId(),
          caller.expiresAt().getEpochSecond());
    }
  }

  private record Login(String email, String password, String totp) implements Body {
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
