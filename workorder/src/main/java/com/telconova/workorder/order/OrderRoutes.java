package com.telconova.workorder.order;

import static com.telconova.shared.token.Role.CLIENT;
import static com.telconova.shared.token.Role.SUPERVISOR;
import static com.telconova.shared.token.Role.TECHNICIAN;

import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import com.telconova.workorder.place.Coordinates;
import com.telconova.workorder.sla.Priority;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Orders over HTTP.
public final class OrderRoutes {
  private final Clock clock;
  private final Idempotency idempotency;
  private final Orders orders;
  private final Promises promises;

  public OrderRoutes(Clock clock, Idempotency idempotency, Orders orders, Promises promises) {
    this.clock = clock;
    this.idempotency = idempotency;
    this.orders = orders;
    this.promises = promises;
  }

  public void register(RoutesConfig routes) {
    routes.post("/orders", idempotency.once(this::open), CLIENT, SUPERVISOR);
    routes.get("/orders", this::list, CLIENT, TECHNICIAN, SUPERVISOR);
    routes.get("/orders/{id}", this::get, CLIENT, TECHNICIAN, SUPERVISOR);
    routes.put("/orders/{id}", this::update, CLIENT, SUPERVISOR);
    routes.get("/orders/{id}/history", this::history, CLIENT, TECHNICIAN, SUPERVISOR);
    routes.get("/orders/{id}/sla", this::sla, CLIENT, TECHNICIAN, SUPERVISOR);
    routes.put("/orders/{id}/status", this::changeStatus, CLIENT, TECHNICIAN, SUPERVISOR);
  }

  private void open(Context ctx) {
    OpenBody body = Json.read(ctx, OpenBody.class);
    Order order = orders.open(Requests.principal(ctx), body.customerId(), body.toRequest());
    ctx.status(201).header("Location", "/orders/" + order.id());
    answer(ctx, order);
  }

  private void list(Context ctx) {
    Instant now = clock.instant();
    Query query = OrderQuery.of(ctx, "limit", "cursor");
    OrderFilter filter = OrderQuery.filter(query, now);
    Page.Request page = query.page();
    query.check();
    ctx.json(
        orders.list(Requests.principal(ctx), filter, page).map(order -> OrderView.of(order, now)));
  }

  private void get(Context ctx) {
    answer(ctx, orders.get(Requests.principal(ctx), Requests.id(ctx, "id")));
  }

  private void update(Context ctx) {
    UUID id = Requests.id(ctx, "id");
    UpdateBody body = Json.read(ctx, UpdateBody.class);
    Long version = Requests.requireIfMatch(ctx);
    answer(ctx, orders.update(Requests.principal(ctx), id, version, body.toUpdate()));
  }

  private void history(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    ctx.json(
        orders.history(Requests.principal(ctx), Requests.id(ctx, "id"), page).map(HistoryView::of));
  }

  private void sla(Context ctx) {
    Query query = Query.of(ctx, "at");
    Instant at = query.time("at");
    query.check();
    ctx.json(promises.of(Requests.principal(ctx), Requests.id(ctx, "id"), at));
  }

  private void changeStatus(Context ctx) {
    UUID id = Requests.id(ctx, "id");
    StatusBody body = Json.read(ctx, StatusBody.class);
    answer(
        ctx,
        orders.changeStatus(Requests.principal(ctx), id, Requests.ifMatch(ctx), body.toChange()));
  }

  private void answer(Context ctx, Order order) {
    Requests.etag(ctx, order.version());
    ctx.json(OrderView.of(order, clock.instant()));
  }

  record OpenBody(
      String title,
      String description,
      Category category,
      Priority priority,
      String zone,
      String address,
      Double latitude,
      Double longitude,
      List<RequiredSkill> requiredSkills,
      Integer estimatedMinutes,
      Instant windowStart,
      Instant windowEnd,
      UUID customerId)
      implements Body {
    private static final int MAX_SKILLS = 10;

    @Override
    public void check(Faults faults) {
      faults.present("/category", category);
      faults.range("/estimatedMinutes", estimatedMinutes, 5, 1440);
      toUpdateBody().check(faults);
      checkSkills(faults);
    }

    private UpdateBody toUpdateBody() {
      return new UpdateBody(
          title, description, priority, zone, address, latitude, longitude, windowStart, windowEnd);
    }

    private void checkSkills(Faults faults) {
      faults.atMost("/requiredSkills", requiredSkills, MAX_SKILLS);
      for (int i = 0; requiredSkills != null && i < requiredSkills.size(); i++) {
        RequiredSkill skill = requiredSkills.get(i);
        String pointer = "/requiredSkills/" + i;
        if (skill == null) {
          faults.add(pointer, "takes an object with skill and level");
          continue;
        }
        faults.text(pointer + "/skill", skill.skill(), 1, 60);
        faults.present(pointer + "/level", skill.level());
        faults.range(pointer + "/level", skill.level(), 1, 5);
      }
    }

    WorkRequest toRequest() {
      return new WorkRequest(
          title.strip(),
          description.strip(),
          category,
          priority,
          zone.strip(),
          address.strip(),
          Coordinates.of(latitude, longitude),
          requiredSkills == null ? List.of() : requiredSkills,
          estimatedMinutes == null ? WorkRequest.DEFAULT_MINUTES : estimatedMinutes,
          windowStart,
          windowEnd);
    }
  }

  /// What can be said anew of an order: all of it, each time.
  record UpdateBody(
      String title,
      String description,
      Priority priority,
      String zone,
      String address,
      Double latitude,
      Double longitude,
      Instant windowStart,
      Instant windowEnd)
      implements Body {
    @Override
    public void check(Faults faults) {
      faults.text("/title", title, 3, 200);
      faults.text("/description", description, 1, 4000);
      faults.present("/priority", priority);
      faults.text("/zone", zone, 1, 60);
      faults.text("/address", address, 3, 300);
      Coordinates.check(faults, latitude, longitude);
      faults.require(
          windowStart == null || windowEnd == null || windowEnd.isAfter(windowStart),
          "/windowEnd",
          "must be after windowStart");
    }

    Orders.Update toUpdate() {
      return new Orders.Update(
          title.strip(),
          description.strip(),
          priority,
          zone.strip(),
          address.strip(),
          Coordinates.of(latitude, longitude),
          windowStart,
          windowEnd);
    }
  }

  record StatusBody(
      OrderStatus status, String reason, HoldReason reasonCode, ResolutionBody resolution)
      implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/status", status);
      faults.require(
          status != OrderStatus.ASSIGNED,
          "/status",
          "cannot be set to ASSIGNED here: POST /orders/{id}/assign names the technician");
      faults.optionalText("/reason", reason, 3, 500);
      if (resolution != null) {
        resolution.check(faults);
      } else {
        faults.require(
            status != OrderStatus.COMPLETED, "/resolution", "is required to complete the order");
      }
    }

    Orders.StatusChange toChange() {
      return new Orders.StatusChange(
          status, reason, reasonCode, resolution == null ? null : resolution.toResolution());
    }
  }

  record ResolutionBody(String code, Resolution.Outcome outcome, String comment) {
    void check(Faults faults) {
      faults.present("/resolution/code", code);
      faults.matches(
          "/resolution/code",
          code,
          Resolution.CODE,
          "takes 2 to 40 capital letters and underscores, such as CABLE_REPLACED");
      faults.present("/resolution/outcome", outcome);
      faults.optionalText("/resolution/comment", comment, 3, 2000);
    }

    Resolution toResolution() {
      return new Resolution(code, outcome, comment);
    }
  }

  /// One change of an order as callers see it.
  ///
  /// @param decisionId why this technician; absent unless it was given to one
  /// @param changed absent unless fields were edited
  record HistoryView(
      long version,
      Instant time,
      Actor actor,
      OrderStatus from,
      OrderStatus to,
      UUID technicianId,
      HoldReason reasonCode,
      String reason,
      UUID decisionId,
      List<String> changed) {
    static HistoryView of(HistoryEntry entry) {
      return new HistoryView(
          entry.version(),
          entry.time(),
          entry.actor(),
          entry.from(),
          entry.to(),
          entry.technicianId(),
          entry.holdReason(),
          entry.reason(),
          entry.decisionId(),
          entry.changed().isEmpty() ? null : entry.changed());
    }
  }
}
