package com.telconova.workorder.sla;

/// What is promised to happen in time, in the order in which it does.
public enum Target {
  /// A technician is named.
  ASSIGN,
  /// Work begins.
  ARRIVE,
  /// The order is completed.
  RESOLVE
}
