package com.telconova.auth.audit;

import com.telconova.shared.http.Requests;
import io.javalin.http.Context;
import java.util.regex.Pattern;

/// From where somebody acts, as the owner of an account will see it in a list of sessions, and an
/// ADMIN in the audit trail.
///
/// @param address the client's network address, or `internal`
/// @param device what it says of itself, up to 200 characters on one line
public record Origin(String address, String device) {
  private static final int MAX_DEVICE = 200;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  /// Where this service itself acts.
  public static final Origin INTERNAL = new Origin("internal", "auth");

  /// From where a request comes.
  public static Origin of(Context ctx) {
    return of(Requests.clientAddress(ctx), ctx.userAgent());
  }

  /// @param userAgent the header as it came; null when it did not
  public static Origin of(String address, String userAgent) {
    String device =
        userAgent == null || userAgent.isBlank()
            ? "unknown"
            : CONTROL.matcher(userAgent).replaceAll(" ").strip();
    return new Origin(
        address, device.length() > MAX_DEVICE ? device.substring(0, MAX_DEVICE) : device);
  }
}
