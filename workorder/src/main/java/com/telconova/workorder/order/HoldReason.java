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
  OTHER
}
