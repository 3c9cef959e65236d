package com.telconova.workorder.sla;

/// Where an order stands with its promises.
public enum SlaState {
  OK,
  /// Three quarters of the time for some target are over.
  WARNING,
  /// Some target was missed, however the order ends.
  BREACHED,
  /// The clock stands still: the delay is not ours.
  PAUSED,
  /// It ended, and nothing was missed.
  MET
}
