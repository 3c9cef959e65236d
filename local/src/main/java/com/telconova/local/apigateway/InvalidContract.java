package com.telconova.local.apigateway;

import java.util.List;

/// The contracts cannot be merged, or hold what API Gateway cannot express.
public final class InvalidContract extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// @param faults all of them, one or more, a line each
  InvalidContract(List<String> faults) {
    super(String.join("\n", faults));
  }

  /// Every fault, each naming its service and place.
  public List<String> faults() {
    return getMessage().lines().toList();
  }
}
