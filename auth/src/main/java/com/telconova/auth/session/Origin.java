package com.telconova.auth.session;

import java.util.regex.Pattern;

/// From where somebody logs in, as their owner will see it in a list of sessions.
///
/// @param address the client's network address
/// @param device what it says of itself, up to 200 characters on one line
public record Origin(String address, String device) {
  private static final int MAX_DEVICE = 200;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

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
