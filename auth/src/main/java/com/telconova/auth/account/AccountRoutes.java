package com.telconova.auth.account;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.telconova.auth.audit.Origin;
import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Registering, and one's own profile.
public final class AccountRoutes {
  private static final Role[] EVERY_USER = UserRole.everyUser();

  private final Idempotency idempotency;
  private final Accounts accounts;

  public AccountRoutes(Idempotency idempotency, Accounts accounts) {
    this.idempotency = idempotency;
    this.accounts = accounts;
  }

  public void register(RoutesConfig routes) {
    routes.post("/auth/register", idempotency.once(this::registerClient), Role.ANYONE);
    routes.get("/auth/profile", this::profile, EVERY_USER);
    routes.put("/auth/profile", this::changeProfile, EVERY_USER);
  }

  private void registerClient(Context ctx) {
    Registration body = Json.read(ctx, Registration.class);
    User user = accounts.register(body.fields().as(UserRole.CLIENT), Origin.of(ctx));
    ctx.status(201).header("Location", "/auth/profile").json(UserView.of(user));
  }

  private void profile(Context ctx) {
    ctx.json(ProfileView.of(accounts.get(Requests.principal(ctx).userId())));
  }

  private void changeProfile(Context ctx) {
    ProfileChange body = Json.read(ctx, ProfileChange.class);
    User user = accounts.changeProfile(Requests.principal(ctx).userId(), body.fields()::replacing);
    ctx.json(ProfileView.of(user));
  }

  /// A user, with what is only theirs to see.
  private record ProfileView(
      @JsonUnwrapped UserView user, NotificationPreferences notificationPreferences) {
    static ProfileView of(User user) {
      return new ProfileView(UserView.of(user), user.profile().preferences());
    }
  }

  private record Registration(
      String email, String password, String name, String phone, String locale, String timeZone)
      implements Body {
    @Override
    public void check(Faults faults) {
      fields().check(faults);
    }

    AccountFields fields() {
      return new AccountFields(
          email, password, new ProfileFields(name, phone, locale, timeZone, null));
    }
  }

  private record ProfileChange(
      String name,
      String phone,
      String locale,
      String timeZone,
      NotificationPreferences notificationPreferences)
      implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/name", name);
      fields().check(faults);
    }

    ProfileFields fields() {
      return new ProfileFields(name, phone, locale, timeZone, notificationPreferences);
    }
  }
}
