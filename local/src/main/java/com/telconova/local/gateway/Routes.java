package com.telconova.local.gateway;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Which service owns which paths.
///
/// @param auth its base URL, as the others without a trailing slash
public record Routes(URI auth, URI workorder, URI tracking) {

  private static final List<String> AUTH = List.of("/auth", "/users", "/.well-known/jwks.json");
  private static final List<String> WORKORDER = List.of("/orders", "/technicians", "/dispatch");
  private static final List<String> TRACKING = List.of("/tracking", "/evidence", "/notifications");

  /// The owner of a path; empty when nobody owns it.
  ///
  /// @param path canonical: decoded, without `..`, so that nothing slips past
  public Optional<URI> owner(String path) {
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
