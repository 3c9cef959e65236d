package com.telconova.workorder.order;

import static com.telconova.shared.token.Role.CLIENT;
import static com.telconova.shared.token.Role.SUPERVISOR;
import static com.telconova.shared.token.Role.TECHNICIAN;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.order.WorkRequest.Position;
import com.telconova.workorder.order.WorkRequest.Priority;
import com.telconova.workorder.order.WorkRequest.RequiredSkill;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Orders over HTTP.
public final class OrderRoutes {
  private final Idempotency idempotency;
  private final Orders orders;

  public OrderRoutes(Idempotency idempotency, Orders orders) {
    this.idempotency = idempotency;
    this.orders = orders;
  }

  public void register(RoutesConfig routes) {
    routes.post("/orders", idempotency.once(this::open), CLIENT, SUPERVISOR);
    routes.get("/orders", this::list, CLIENT, TECHNICIAN, SUPERVISOR);
    routes.get("/orders/{id}", this::get, CLIENT, TECHNICIAN, SUPERVISOR);
    routes.put("/orders/{id}/status", this::changeStatus, CLIENT, TECHNICIAN, SUPERVISOR);
    routes.post("/orders/{id}/assign", this::assign, SUPERVISOR);
  }

  private void open(Context ctx) {
    OpenBody body = Json.read(ctx, OpenBody.class);
    Order order = orders.open(Requests.principal(ctx), body.customerId(), body.toRequest());
    ctx.status(201).header("Location", "/orders/" + order.id());
    answer(ctx, order);
  }

  private void list(Context ctx) {
    Query query =
        Query.of(
            ctx,
            "status",
            "priority",
            "category",
            "zone",
            "technicianId",
            "customerId",
            "createdFrom",
            "createdTo",
            "limit",
            "cursor");
    OrderFilter filter =
        new OrderFilter(
            query.oneOf("status", OrderStatus.class),
            query.oneOf("priority", Priority.class),
            query.oneOf("category", Category.class),
            query.text("zone", 60),
            query.uuid("technicianId"),
            query.uuid("customerId"),
            query.time("createdFrom"),
            query.time("createdTo"));
    Page.Request page = query.page();
    query.check();
    ctx.json(orders.list(Requests.principal(ctx), filter, page).map(OrderView::of));
  }

  private void get(Context ctx) {
    answer(ctx, orders.get(Requests.principal(ctx), Requests.id(ctx, "id")));
  }

  private void assign(Context ctx) {
    UUID id = Requests.id(ctx, "id");
    AssignBody body = Json.read(ctx, AssignBody.class);
    answer(
        ctx,
        orders.assign(
            Requests.principal(ctx),
            id,
            Requests.ifMatch(ctx),
            body.technicianId(),
            body.reason()));
  }

  private void changeStatus(Context ctx) {
    UUID id = Requests.id(ctx, "id");
    StatusBody body = Json.read(ctx, StatusBody.class);
    answer(
        ctx,
        orders.changeStatus(Requests.principal(ctx), id, Requests.ifMatch(ctx), body.toChange()));
  }

  private static void answer(Context ctx, Order order) {
    Requests.etag(ctx, order.version());
    ctx.json(OrderView.of(order));
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
      faults.text("/title", title, 3, 200);
      faults.text("/description", description, 1, 4000);
      faults.present("/category", category);
      faults.present("/priority", priority);
      faults.text("/zone", zone, 1, 60);
      faults.text("/address", address, 3, 300);
      faults.range("/latitude", latitude, -90, 90);
      faults.range("/longitude", longitude, -180, 180);
      faults.require(
          (latitude == null) == (longitude == null),
          latitude == null ? "/latitude" : "/longitude",
          "is required: latitude and longitude come together");
      faults.range("/estimatedMinutes", estimatedMinutes, 5, 1440);
      faults.require(
          windowStart == null || windowEnd == null || windowEnd.isAfter(windowStart),
          "/windowEnd",
          "must be after windowStart");
      checkSkills(faults);
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
          latitude == null ? null : new Position(latitude, longitude),
          requiredSkills == null ? List.of() : requiredSkills,
          estimatedMinutes == null ? WorkRequest.DEFAULT_MINUTES : estimatedMinutes,
          windowStart,
          windowEnd);
    }
  }

  record AssignBody(UUID technicianId, String reason) implements Body {
    @Override
    public void check(Faults faults) {
      faults.present("/technicianId", technicianId);
      faults.optionalText("/reason", reason, 3, 500);
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

  /// An order as callers see it.
  record OrderView(
      UUID id,
      String code,
      UUID customerId,
      String title,
      String description,
      Category category,
      Priority priority,
      String zone,
      String address,
      Double latitude,
      Double longitude,
      List<RequiredSkill> requiredSkills,
      int estimatedMinutes,
      Instant windowStart,
      Instant windowEnd,
      OrderStatus status,
      UUID technicianId,
      @JsonProperty("reasonCode") HoldReason holdReason,
      String reason,
      Resolution resolution,
      long version,
      Instant createdAt,
      Instant updatedAt) {
    static OrderView of(Order order) {
      WorkRequest request = order.request();
      Position position = request.position();
      OrderState state = order.state();
      return new OrderView(
          order.id(),
          order.code(),
          order.customerId(),
          request.title(),
          request.description(),
          request.category(),
          request.priority(),
          request.zone(),
          request.address(),
          position == null ? null : position.latitude(),
          position == null ? null : position.longitude(),
          request.requiredSkills(),
          request.estimatedMinutes(),
          request.windowStart(),
          request.windowEnd(),
          state.status(),
          state.technician().orElse(null),
          state instanceof OrderState.OnHold hold ? hold.reason() : null,
          state instanceof OrderState.Cancelled cancelled ? cancelled.reason() : null,
          state instanceof OrderState.Completed completed ? completed.resolution() : null,
          order.version(),
          order.createdAt(),
          order.updatedAt());
    }
  }
}
