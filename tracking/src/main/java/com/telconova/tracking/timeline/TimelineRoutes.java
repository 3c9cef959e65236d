package com.telconova.tracking.timeline;

import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Timelines by HTTP.
public final class TimelineRoutes {
  private final Timeline timeline;

  public TimelineRoutes(Timeline timeline) {
    this.timeline = timeline;
  }

  public void register(RoutesConfig routes) {
    routes.get("/tracking/{orderId}", this::list, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
    routes.get("/tracking/{orderId}/verify", this::verify, Role.SUPERVISOR);
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    ctx.json(
        timeline
            .list(Requests.id(ctx, "orderId"), Requests.principal(ctx), page)
            .map(EntryJson::of));
  }

  private void verify(Context ctx) {
    ctx.json(timeline.verify(Requests.id(ctx, "orderId"), Requests.principal(ctx)));
  }
}
