package com.telconova.workorder.order;

/// Why work stands still.
public enum HoldReason {
  /// The customer asked for it or is not there.
  CUSTOMER,
  /// The site cannot be entered.
  ACCESS,
  /// Weather, strike, outage.
  FORCE_MAJEURE,
  /// Spare parts are missing.
  PARTS,
  OTHER;

  /// Whether the delay is not ours, so that the time to resolve stands still.
  public boolean pauses() {
    return switch (this) {
      case CUSTOMER, ACCESS, FORCE_MAJEURE -> true;
      case PARTS, OTHER -> false;
    };
  }
}
