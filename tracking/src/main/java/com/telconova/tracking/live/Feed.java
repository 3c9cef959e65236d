package com.telconova.tracking.live;

import java.util.UUID;

/// What one can follow.
sealed interface Feed {
  /// One order, in the order of its chain.
  record OneOrder(UUID orderId) implements Feed {}

  /// Every order, in the order of commit.
  record AllOrders() implements Feed {}
}
