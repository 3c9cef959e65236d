package com.telconova.tracking.participant;

import com.telconova.shared.config.Secret;
import com.telconova.shared.rest.ServiceClient;
import java.util.Optional;
import java.util.UUID;

/// Asks workorder about an order, in the caller's name: what they may not see there, they may not
/// see here.
public final class Workorder {
  private final ServiceClient workorder;

  public Workorder(ServiceClient workorder) {
    this.workorder = workorder;
  }

  /// The fields of workorder's order that matter here.
  private record Order(
      UUID id,
      String code,
      String title,
      UUID customerId,
      UUID technicianId,
      OrderStatus status,
      long version,
      String priority) {}

  /// The order as it is now; empty when it does not exist or the holder of the token may not see
  /// it.
  ///
  /// @throws com.telconova.shared.problem.Failure.Unavailable when workorder does not answer
  Optional<OrderFacts> find(UUID orderId, Secret token) {
    return workorder
        .get("/orders/" + orderId, token, Order.class)
        .map(order ->
            new OrderFacts(
                order.id(),
                order.code(),
                order.title(),
                order.customerId(),
                order.technicianId(),
                order.status(),
                order.version(),
                order.priority()));
  }
}
