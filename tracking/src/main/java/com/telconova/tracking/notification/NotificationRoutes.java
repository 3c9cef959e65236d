package com.telconova.tracking.notification;

import com.telconova.shared.http.Page;
import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.json.Json;
import com.telconova.shared.token.Role;
import com.telconova.tracking.recipient.Channel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Notifications by HTTP.
public final class NotificationRoutes {
  private final Idempotency idempotency;
  private final Notifications notifications;

  public NotificationRoutes(Idempotency idempotency, Notifications notifications) {
    this.idempotency = idempotency;
    this.notifications = notifications;
  }

  public void register(RoutesConfig routes) {
    routes.post("/notifications/send", idempotency.once(this::send), Role.SUPERVISOR, Role.SERVICE);
    routes.get(
        "/notifications/{userId}", this::list, Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR);
    routes.post(
        "/notifications/{userId}/{notificationId}/read",
        this::read,
        Role.CLIENT,
        Role.TECHNICIAN,
        Role.SUPERVISOR);
  }

  private void send(Context ctx) {
    Notifications.Wish wish = Json.read(ctx, SendBody.class).toWish();
    ctx.status(202).json(new Page<>(notifications.send(Requests.principal(ctx), wish), null));
  }

  private void list(Context ctx) {
    Query query = Query.of(ctx, "channel", "status", "limit", "cursor");
    Channel channel = query.oneOf("channel", Channel.class);
    Notification.Status status = query.oneOf("status", Notification.Status.class);
    Page.Request page = query.page();
    query.check();
    ctx.json(
        notifications.list(
            Requests.id(ctx, "userId"), Requests.principal(ctx), channel, status, page));
  }

  private void read(Context ctx) {
    notifications.read(
        Requests.id(ctx, "userId"), Requests.id(ctx, "notificationId"), Requests.principal(ctx));
    ctx.status(204);
  }
}
