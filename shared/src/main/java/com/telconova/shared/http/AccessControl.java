package com.telconova.shared.http;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.shared.token.TokenVerifier;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Lets a request reach its route only with a role that the route table names. ADMIN may do
/// whatever SUPERVISOR may.
public final class AccessControl {
  private static final String BEARER = "Bearer ";

  private final TokenVerifier tokens;

  public AccessControl(TokenVerifier tokens) {
    this.tokens = tokens;
  }

  void register(RoutesConfig routes) {
    routes.beforeMatched(this::check);
  }

  private void check(Context ctx) {
    var allowed = ctx.routeRoles();
    if (allowed.contains(Role.ANYONE)) {
      return;
    }
    Principal principal = tokens.verify(bearer(ctx));
    ctx.attribute(Requests.PRINCIPAL, principal);
    boolean admitted =
        allowed.contains(principal.role())
            || (principal.role() == Role.ADMIN && allowed.contains(Role.SUPERVISOR));
    if (!admitted) {
      throw new Failure.Forbidden("Your role, " + principal.role() + ", may not do this.");
    }
  }

  private static String bearer(Context ctx) {
    String header = ctx.header("Authorization");
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new Failure.Unauthenticated("Send the header 'Authorization: Bearer <access token>'.");
    }
    return header.substring(BEARER.length()).strip();
  }
}
