package com.telconova.auth.credential;

import com.telconova.auth.account.UserRole;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.factor.Factors;
import com.telconova.shared.config.Secret;
import com.telconova.shared.http.Requests;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;

/// Enrolling, using up and losing a second factor.
public final class SecondFactorRoutes {
  private static final Role[] EVERY_USER = UserRole.everyUser();

  private final SecondFactor factor;

  public SecondFactorRoutes(SecondFactor factor) {
    this.factor = factor;
  }

  public void register(RoutesConfig routes) {
    routes.get("/auth/totp", this::state, EVERY_USER);
    routes.post("/auth/totp", this::begin, EVERY_USER);
    routes.post("/auth/totp/confirm", this::confirm, EVERY_USER);
    routes.post("/auth/totp/recovery-codes", this::renew, EVERY_USER);
    routes.post("/auth/totp/disable", this::disable, EVERY_USER);
    routes.delete("/users/{id}/totp", this::remove, Role.ADMIN);
  }

  private void state(Context ctx) {
    ctx.json(StateView.of(factor.state(Requests.principal(ctx))));
  }

  private void begin(Context ctx) {
    Begin body = Json.read(ctx, Begin.class);
    secretly(ctx)
        .json(
            factor.begin(
                Requests.principal(ctx), Origin.of(ctx), new Secret(body.currentPassword())));
  }

  private void confirm(Context ctx) {
    Code body = Json.read(ctx, Code.class);
    List<String> codes = factor.confirm(Requests.principal(ctx), Origin.of(ctx), body.code());
    secretly(ctx).json(new RecoveryCodes(codes));
  }

  private void renew(Context ctx) {
    Code body = Json.read(ctx, Code.class);
    List<String> codes =
        factor.renewRecoveryCodes(Requests.principal(ctx), Origin.of(ctx), body.code());
    secretly(ctx).json(new RecoveryCodes(codes));
  }

  private void disable(Context ctx) {
    Disable body = Json.read(ctx, Disable.class);
    factor.disable(
        Requests.principal(ctx), Origin.of(ctx), new Secret(body.currentPassword()), body.code());
    ctx.status(204);
  }

  private void remove(Context ctx) {
    factor.remove(Requests.principal(ctx), Origin.of(ctx), Requests.id(ctx, "id"));
    ctx.status(204);
  }

  private static Context secretly(Context ctx) {
    return ctx.header("Cache-Control", "no-store");
  }

  /// @param enrolledAt absent for nobody's
  private record StateView(
      boolean active, Instant enrolledAt, int recoveryCodesLeft, boolean required) {
    static StateView of(Factors.State state) {
      return new StateView(
          state.enrolledAt().isPresent(),
          state.enrolledAt().orElse(null),
          state.recoveryCodesLeft(),
          state.required());
    }
  }

  private record RecoveryCodes(List<String> recoveryCodes) {}

  private record Begin(String currentPassword) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/currentPassword", currentPassword);
    }
  }

  private record Code(String code) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/code", code);
    }
  }

  private record Disable(String currentPassword, String code) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/currentPassword", currentPassword);
      faults.present("/code", code);
    }
  }
}
