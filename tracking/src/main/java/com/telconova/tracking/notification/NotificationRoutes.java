package com.telconova.tracking.notification;

import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Notifications by HTTP.
public final class NotificationRoutes {
  private final Notifications notifications;

  public NotificationRoutes(Notifications notifications) {
    this.notifications = notifications;
  }

  public void register(RoutesConfig routes) {
    routes.get(
        "/notifications/{userId}", this::list, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor");
    Page.Request page = query.page();
    query.check();
    ctx.json(notifications.list(Requests.id(ctx, "userId"), Requests.principal(ctx), page));
  }
}
