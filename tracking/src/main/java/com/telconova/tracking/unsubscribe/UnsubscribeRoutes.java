package com.telconova.tracking.unsubscribe;

import com.telconova.shared.http.Query;
import com.telconova.shared.http.Requests;
import com.telconova.shared.token.Role;
import com.telconova.tracking.notification.UnsubscribeLinks;
import com.telconova.tracking.notification.template.Templates;
import com.telconova.tracking.recipient.MailOptOut;
import com.telconova.tracking.recipient.Recipient;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.UUID;

/// The link in mails. Following it changes nothing, for programs that look for malice follow links
/// too; pressing the page's button, or the mail program's own (RFC 8058), does.
public final class UnsubscribeRoutes {
  private final Unsubscribing unsubscribing;

  public UnsubscribeRoutes(Unsubscribing unsubscribing) {
    this.unsubscribing = unsubscribing;
  }

  public void register(RoutesConfig routes) {
    String path = UnsubscribeLinks.PATH + "{token}";
    routes.get(path, this::ask, Role.ANYONE);
    routes.post(path, this::unsubscribe, Role.ANYONE);
  }

  private void ask(Context ctx) {
    UUID token = Requests.id(ctx, "token");
    event(ctx);
    page(ctx, Page.asking(unsubscribing.find(token)));
  }

  private void unsubscribe(Context ctx) {
    Recipient recipient = unsubscribing.unsubscribe(Requests.id(ctx, "token"), event(ctx));
    page(ctx, Page.done(recipient));
  }

  /// Of which kind no more mail is wanted; all, unless the link says so.
  private static String event(Context ctx) {
    Query query = Query.of(ctx, "event");
    String event =
        query.value(
            "event",
            "the name of a kind of message",
            text -> {
              if (!Templates.NAMES.contains(text)) {
                throw new IllegalArgumentException(text);
              }
              return text;
            });
    query.check();
    return event == null ? MailOptOut.EVERYTHING : event;
  }

  private static void page(Context ctx, String html) {
    ctx.header("Cache-Control", "no-store");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'");
    ctx.contentType("text/html; charset=utf-8").result(html);
  }
}
