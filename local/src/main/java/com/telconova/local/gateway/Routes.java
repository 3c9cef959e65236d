package com.telconova.local.gateway;

import java.util.List;

/// Where the three services are.
public record Routes(Backend auth, Backend workorder, Backend tracking) {

  /// The three of them.
  List<Backend> backends() {
    return List.of(auth, workorder, tracking);
  }

  /// The instances of a service.
  Backend of(String service) {
    return switch (service) {
      case "auth" -> auth;
      case "workorder" -> workorder;
      case "tracking" -> tracking;
      default -> throw new IllegalArgumentException(service);
    };
  }
}
