package com.telconova.workorder.dispatch;

import static com.telconova.shared.token.Role.SUPERVISOR;

import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Dispatch over HTTP.
public final class DispatchRoutes {
  private final Dispatches dispatches;

  public DispatchRoutes(Dispatches dispatches) {
    this.dispatches = dispatches;
  }

  public void register(RoutesConfig routes) {
    routes.post("/dispatch", this::dispatch, SUPERVISOR);
  }

  private void dispatch(Context ctx) {
    Query query = Query.of(ctx, "dryRun");
    Boolean dryRun = query.flag("dryRun");
    query.check();
    ctx.json(dispatches.dispatch(Requests.principal(ctx), dryRun != null && dryRun));
  }
}
