package com.telconova.auth.credential;

import com.telconova.auth.account.Email;
import com.telconova.auth.account.UserRole;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.password.PasswordRules;
import com.telconova.shared.config.Secret;
import com.telconova.shared.http.Requests;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Changing a password one knows, and replacing one that is forgotten.
public final class PasswordRoutes {
  private static final Role[] EVERY_USER = UserRole.everyUser();

  private final Passwords passwords;

  public PasswordRoutes(Passwords passwords) {
    this.passwords = passwords;
  }

  public void register(RoutesConfig routes) {
    routes.post("/auth/password/change", this::change, EVERY_USER);
    routes.post("/auth/password/forgot", this::forgot, Role.ANYONE);
    routes.post("/auth/password/reset", this::reset, Role.ANYONE);
  }

  private void change(Context ctx) {
    Change body = Json.read(ctx, Change.class);
    passwords.change(
        Requests.principal(ctx),
        Origin.of(ctx),
        new Secret(body.currentPassword()),
        new Secret(body.newPassword()));
    ctx.status(204);
  }

  private void forgot(Context ctx) {
    Forgot body = Json.read(ctx, Forgot.class);
    passwords.forgot(Email.find(body.email()).orElseThrow(), Origin.of(ctx));
    ctx.status(202);
  }

  private void reset(Context ctx) {
    Reset body = Json.read(ctx, Reset.class);
    passwords.reset(body.token(), Origin.of(ctx), new Secret(body.newPassword()));
    ctx.status(204);
  }

  private record Change(String currentPassword, String newPassword) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/currentPassword", currentPassword);
      PasswordRules.check(faults, "/newPassword", newPassword, null, null);
      faults.require(
          newPassword == null || !newPassword.equals(currentPassword),
          "/newPassword",
          "takes another password than the current one");
    }
  }

  private record Forgot(String email) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/email", email);
      faults.require(email == null || Email.find(email).isPresent(), "/email", Email.RULE);
    }
  }

  private record Reset(String token, String newPassword) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/token", token);
      PasswordRules.check(faults, "/newPassword", newPassword, null, null);
    }
  }
}
