package com.telconova.local.gateway;

import java.util.List;
import java.util.Optional;

/// Which service owns which paths.
public record Routes(Backend auth, Backend workorder, Backend tracking) {

  private static final List<String> AUTH = List.of("/auth", "/users", "/.well-known/jwks.json");
  private static final List<String> WORKORDER =
      List.of("/workorder", "/orders", "/technicians", "/dispatch", "/decisions");
  private static final List<String> TRACKING = List.of("/tracking", "/evidence", "/notifications");

  /// The three of them.
  List<Backend> backends() {
    return List.of(auth, workorder, tracking);
  }

  /// The owner of a path; empty when nobody owns it.
  ///
  /// @param path canonical: decoded, without `..`, so that nothing slips past
  public Optional<Backend> owner(String path) {
    if (owns(AUTH, path)) {
      return Optional.of(auth);
    }
    if (owns(WORKORDER, path)) {
      return Optional.of(workorder);
    }
    return owns(TRACKING, path) ? Optional.of(tracking) : Optional.empty();
  }

  private static boolean owns(List<String> prefixes, String path) {
    return prefixes.stream().anyMatch(p -> path.equals(p) || path.startsWith(p + "/"));
  }
}
