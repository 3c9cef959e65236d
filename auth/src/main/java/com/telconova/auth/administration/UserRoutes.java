package com.telconova.auth.administration;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.auth.account.AccountFields;
import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.ProfileFields;
import com.telconova.auth.account.User;
import com.telconova.auth.account.UserRole;
import com.telconova.auth.account.UserView;
import com.telconova.auth.administration.Administration.Change;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Entry;
import com.telconova.auth.audit.Origin;
import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The administration of users.
public final class UserRoutes {
  private final Idempotency idempotency;
  private final Accounts accounts;
  private final Administration administration;
  private final AuditTrail audit;

  public UserRoutes(
      Idempotency idempotency, Accounts accounts, Administration administration, AuditTrail audit) {
    this.idempotency = idempotency;
    this.accounts = accounts;
    this.administration = administration;
    this.audit = audit;
  }

  public void register(RoutesConfig routes) {
    routes.post("/users", idempotency.once(this::create), Role.ADMIN);
    routes.get("/users", this::list, Role.ADMIN, Role.SUPERVISOR);
    routes.get("/users/{id}", this::get, Role.ADMIN, Role.SUPERVISOR);
    routes.patch("/users/{id}", this::change, Role.ADMIN);
    routes.get("/users/{id}/audit", this::audit, Role.ADMIN);
  }

  private void create(Context ctx) {
    NewUser body = Json.read(ctx, NewUser.class);
    User user =
        accounts.create(
            body.fields().as(body.role()), Caller.of(Requests.principal(ctx), Origin.of(ctx)));
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

  private void change(Context ctx) {
    UserPatch body = Json.read(ctx, UserPatch.class);
    User user =
        administration.change(
            Requests.principal(ctx), Origin.of(ctx), Requests.id(ctx, "id"), body.change());
    ctx.json(UserView.of(user));
  }

  private void audit(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    User user = accounts.get(Requests.id(ctx, "id"));
    ctx.json(audit.list(user.id(), page).map(EntryView::of));
  }

  /// @param actor absent for somebody who was not logged in
  /// @param sessionId absent where there was none
  private record EntryView(
      UUID id,
      Instant time,
      String type,
      Caller.Actor actor,
      UUID sessionId,
      String address,
      String device,
      Map<String, String> detail) {
    static EntryView of(Entry entry) {
      Caller caller = entry.caller();
      return new EntryView(
          entry.id(),
          entry.time(),
          entry.act().type(),
          caller.actor().orElse(null),
          caller.session().orElse(null),
          caller.origin().address(),
          caller.origin().device(),
          entry.detail());
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
      fields().check(faults);
      faults.present("/role", role);
    }

    AccountFields fields() {
      return new AccountFields(
          email, password, new ProfileFields(name, phone, locale, timeZone, null));
    }
  }

  /// Changes what it names, after RFC 7396. Only a phone can be taken away: null elsewhere says no
  /// more than nothing.
  ///
  /// @param phone JSON's null takes it away; Java's null is a field that was not sent
  private record UserPatch(
      String name, JsonNode phone, String locale, String timeZone, UserRole role, Boolean active)
      implements Body {
    @Override
    public void check(Faults faults) {
      faults.require(
          phone == null || phone.isNull() || phone.isTextual(), "/phone", "takes a text or null");
      fields().check(faults);
    }

    Change change() {
      boolean withoutPhone = phone != null && phone.isNull();
      return new Change(
          profile -> fields().merging(profile, withoutPhone),
          Optional.ofNullable(role),
          Optional.ofNullable(active));
    }

    private ProfileFields fields() {
      return new ProfileFields(
          name, phone == null ? null : phone.textValue(), locale, timeZone, null);
    }
  }
}
