package com.telconova.tracking.participant;

/// Where an order stands. The words are workorder's.
public enum OrderStatus {
  CREATED,
  ASSIGNED,
  IN_PROGRESS,
  ON_HOLD,
  COMPLETED,
  CANCELLED;

  /// Whether the order never changes again.
  public boolean ended() {
    return this == COMPLETED || this == CANCELLED;
  }
}
