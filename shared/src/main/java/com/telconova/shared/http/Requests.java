package com.telconova.shared.http;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import io.javalin.http.Context;
import java.util.UUID;
import java.util.regex.Pattern;

/// What a route asks of a request besides its body.
public final class Requests {
  static final String PRINCIPAL = "microflow.principal";
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  private Requests() {}

  /// Who calls.
  ///
  /// @throws IllegalStateException on a route that anyone may call
  public static Principal principal(Context ctx) {
    Principal principal = ctx.attribute(PRINCIPAL);
    if (principal == null) {
      throw new IllegalStateException("This route does not ask for a token");
    }
    return principal;
  }

  /// The id in the path.
  ///
  /// @throws Failure.NotFound when it is no UUID: nothing can have such an id
  public static UUID id(Context ctx, String name) {
    return uuid(ctx.pathParam(name));
  }

  static UUID uuid(String text) {
    if (!UUID_TEXT.matcher(text).matches()) {
      throw new Failure.NotFound("There is nothing with this id.");
    }
    return UUID.fromString(text);
  }

  /// The caller's network address, seen through trusted proxies.
  public static String clientAddress(Context ctx) {
    return ctx.attribute(RequestScope.CLIENT_ADDRESS);
  }

  /// Who sent this, for what is counted or kept per sender: the user's id, or on a route that
  /// anyone may call the network address.
  public static String sender(Context ctx) {
    Principal principal = ctx.attribute(PRINCIPAL);
    return principal == null ? clientAddress(ctx) : principal.userId().toString();
  }

  /// The version that `If-Match` names, or null when it is not sent or is `*`.
  ///
  /// @throws Failure.PreconditionFailed when it is no strong entity tag of ours
  public static Long ifMatch(Context ctx) {
    String sent = ctx.header("If-Match");
    if (sent == null || sent.strip().equals("*")) {
      return null;
    }
    if (!sent.strip().matches("\"[0-9]{1,18}\"")) {
      throw new Failure.PreconditionFailed(
          "If-Match takes the ETag that a GET of this resource gave, such as \"3\".");
    }
    return Long.valueOf(sent.strip().replace("\"", ""));
  }

  /// As [#ifMatch], where a change must say which version it was made on.
  ///
  /// @throws Failure.PreconditionRequired when the header is not sent
  public static Long requireIfMatch(Context ctx) {
    if (ctx.header("If-Match") == null) {
      throw new Failure.PreconditionRequired(
          "Send If-Match with the ETag that a GET of this resource gave, such as \"3\".");
    }
    return ifMatch(ctx);
  }

  /// Sets the `ETag` of a resource at `version`.
  public static void etag(Context ctx, long version) {
    ctx.header("ETag", "\"" + version + "\"");
  }
}
