package com.telconova.auth.account;

import com.telconova.auth.account.Accounts.NewAccount;
import com.telconova.auth.account.Profile.Language;
import com.telconova.auth.password.PasswordRules;
import com.telconova.shared.config.Secret;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRulesException;
import java.time.zone.ZoneRulesProvider;
import java.util.Optional;
import java.util.UUID;

/// Registering, one's own profile, and the administration of users.
public final class AccountRoutes {
  private static final Role[] EVERY_USER = UserRole.everyUser();

  private final Accounts accounts;

  public AccountRoutes(Accounts accounts) {
    this.accounts = accounts;
  }

  public void register(RoutesConfig routes) {
    routes.post("/auth/register", this::registerClient, Role.ANYONE);
    routes.get("/auth/profile", this::profile, EVERY_USER);
    routes.put("/auth/profile", this::changeProfile, EVERY_USER);
    routes.post("/users", this::create, Role.ADMIN);
    routes.get("/users", this::list, Role.ADMIN, Role.SUPERVISOR);
    routes.get("/users/{id}", this::get, Role.ADMIN, Role.SUPERVISOR);
  }

  private void registerClient(Context ctx) {
    Registration body = Json.read(ctx, Registration.class);
    User user = accounts.create(body.account());
    ctx.status(201).header("Location", "/auth/profile").json(UserView.of(user));
  }

  private void profile(Context ctx) {
    ctx.json(UserView.of(accounts.get(Requests.principal(ctx).userId())));
  }

  private void changeProfile(Context ctx) {
    ProfileChange body = Json.read(ctx, ProfileChange.class);
    User user = accounts.changeProfile(Requests.principal(ctx).userId(), body::over);
    ctx.json(UserView.of(user));
  }

  private void create(Context ctx) {
    NewUser body = Json.read(ctx, NewUser.class);
    User user = accounts.create(body.account());
    ctx.status(201).header("Location", "/users/" + user.id()).json(UserView.of(user));
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "role", "active", "limit", "cursor");
    var filter = new Accounts.Filter(query.oneOf("role", UserRole.class), query.flag("active"));
    var page = query.page();
    query.check();
    ctx.json(accounts.list(filter, page).map(UserView::of));
  }

  private void get(Context ctx) {
    ctx.json(UserView.of(accounts.get(Requests.id(ctx, "id"))));
  }

  /// A user, as every answer shows one.
  ///
  /// @param phone null for none
  public record UserView(
      UUID id,
      String email,
      String name,
      String phone,
      UserRole role,
      String locale,
      String timeZone,
      boolean active,
      Instant createdAt) {
    public static UserView of(User user) {
      return new UserView(
          user.id(),
          user.email().address(),
          user.profile().name(),
          user.profile().phone().orElse(null),
          user.role(),
          user.profile().language().tag(),
          user.profile().timeZone().getId(),
          user.active(),
          user.createdAt());
    }
  }

  private record Registration(
      String email, String password, String name, String phone, String locale, String timeZone)
      implements Body {
    @Override
    public void check(Faults faults) {
      checkCredentials(faults, email, password, name);
      checkProfile(faults, name, phone, locale, timeZone);
    }

    NewAccount account() {
      return newAccount(
          email, password, newProfile(name, phone, locale, timeZone), UserRole.CLIENT);
    }
  }

  private record NewUser(
      String email,
      String password,
      String name,
      String phone,
      String locale,
      String timeZone,
      UserRole role)
      implements Body {
    @Override
    public void check(Faults faults) {
      checkCredentials(faults, email, password, name);
      checkProfile(faults, name, phone, locale, timeZone);
      faults.present("/role", role);
    }

    NewAccount account() {
      return newAccount(email, password, newProfile(name, phone, locale, timeZone), role);
    }
  }

  /// Replaces the profile: no `phone` is no phone. Without `locale` or `timeZone`, which nobody can
  /// be without, they stay as they are.
  private record ProfileChange(String name, String phone, String locale, String timeZone)
      implements Body {
    @Override
    public void check(Faults faults) {
      checkProfile(faults, name, phone, locale, timeZone);
    }

    Profile over(Profile now) {
      return new Profile(
          name.strip(),
          Optional.ofNullable(phone),
          language(locale).orElse(now.language()),
          zone(timeZone).orElse(now.timeZone()));
    }
  }

  private static void checkCredentials(Faults faults, String email, String password, String name) {
    faults.present("/email", email);
    faults.require(email == null || Email.find(email).isPresent(), "/email", Email.RULE);
    PasswordRules.check(faults, "/password", password, email, name);
  }

  private static void checkProfile(
      Faults faults, String name, String phone, String locale, String timeZone) {
    faults.text("/name", name, 1, Profile.MAX_NAME);
    faults.matches("/name", name, Profile.NAME, "takes one line without control characters");
    faults.matches("/phone", phone, Profile.PHONE, "takes an E.164 number such as +573001234567");
    faults.require(
        locale == null || language(locale).isPresent(), "/locale", "takes one of es, en");
    faults.require(
        timeZone == null || zone(timeZone).isPresent(),
        "/timeZone",
        "takes a time zone of the IANA database such as America/Bogota");
  }

  private static NewAccount newAccount(
      String email, String password, Profile profile, UserRole role) {
    return new NewAccount(Email.find(email).orElseThrow(), new Secret(password), profile, role);
  }

  private static Profile newProfile(String name, String phone, String locale, String timeZone) {
    return new Profile(
        name.strip(),
        Optional.ofNullable(phone),
        language(locale).orElse(Language.ES),
        zone(timeZone).orElse(Profile.DEFAULT_TIME_ZONE));
  }

  private static Optional<Language> language(String tag) {
    return Optional.ofNullable(tag).flatMap(Language::find);
  }

  /// Only regions of the IANA database: an offset such as `+05:00` knows no daylight saving.
  private static Optional<ZoneId> zone(String id) {
    if (id == null) {
      return Optional.empty();
    }
    try {
      ZoneRulesProvider.getRules(id, false);
      return Optional.of(ZoneId.of(id));
    } catch (ZoneRulesException e) {
      return Optional.empty();
    }
  }
}
