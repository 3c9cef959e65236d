package com.telconova.workorder.order;

/// The states of an order by name, in the order of its life. [OrderState] has what each implies.
public enum OrderStatus {
  CREATED,
  ASSIGNED,
  IN_PROGRESS,
  ON_HOLD,
  COMPLETED,
  CANCELLED;

  /// Whether an order in it never changes again.
  boolean isFinal() {
    return this == COMPLETED || this == CANCELLED;
  }
}
