package com.telconova.workorder.assignment;

import static com.telconova.shared.token.Role.SUPERVISOR;

import com.telconova.shared.http.Requests;
import com.telconova.shared.json.Body;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Principal;
import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.OrderView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.UUID;

/// Who does an order, over HTTP.
public final class AssignmentRoutes {
  private final Clock clock;
  private final Assignments assignments;

  public AssignmentRoutes(Clock clock, Assignments assignments) {
    this.clock = clock;
    this.assignments = assignments;
  }

  public void register(RoutesConfig routes) {
    routes.get("/orders/{id}/candidates", this::candidates, SUPERVISOR);
    routes.post("/orders/{id}/assign", this::assign, SUPERVISOR);
  }

  private void candidates(Context ctx) {
    ctx.json(assignments.candidates(Requests.principal(ctx), Requests.id(ctx, "id")));
  }

  private void assign(Context ctx) {
    UUID id = Requests.id(ctx, "id");
    Long version = Requests.ifMatch(ctx);
    Principal caller = Requests.principal(ctx);
    AssignBody body = empty(ctx) ? AssignBody.NOBODY : Json.read(ctx, AssignBody.class);
    Order order =
        body.technicianId() == null
            ? assignments.assignBest(caller, id, version, body.reason())
            : assignments.assign(caller, id, version, body.technicianId(), body.reason());
    Requests.etag(ctx, order.version());
    ctx.json(OrderView.of(order, clock.instant()));
  }

  /// Nothing was sent, not even a content type: whoever says JSON sends JSON.
  private static boolean empty(Context ctx) {
    return ctx.contentType() == null && ctx.req().getContentLengthLong() <= 0;
  }

  /// @param technicianId null: the engine chooses
  record AssignBody(UUID technicianId, String reason) implements Body {
    static final AssignBody NOBODY = new AssignBody(null, null);

    @Override
    public void check(Faults faults) {
      faults.optionalText("/reason", reason, 3, 500);
    }
  }
}
