package com.telconova.workorder.order;

import com.telconova.shared.token.Principal;
import com.telconova.workorder.sla.Priority;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Which orders to list; a null field does not filter.
///
/// @param createdFrom inclusive
/// @param createdTo exclusive
/// @param dueBefore what has a promise still open that is over before this moment
/// @param breached whether some promise was missed by `now`
/// @param now the moment of asking; never null
/// @param text part of the code, title, address or description; capitals and accents do not matter
public record OrderFilter(
    OrderStatus status,
    Priority priority,
    WorkRequest.Category category,
    String zone,
    UUID technicianId,
    UUID customerId,
    Instant createdFrom,
    Instant createdTo,
    Instant dueBefore,
    Boolean breached,
    Instant now,
    String text) {

  /// The same filter for what `caller` may see: clients see their own orders, technicians those
  /// assigned to them.
  ///
  /// @return empty when it asks for orders of somebody else, of which there are none to see
  Optional<OrderFilter> within(Principal caller) {
    UUID self = caller.userId();
    return switch (caller.role()) {
      case CLIENT ->
          customerId == null || customerId.equals(self)
              ? Optional.of(of(technicianId, self))
              : Optional.empty();
      case TECHNICIAN ->
          technicianId == null || technicianId.equals(self)
              ? Optional.of(of(self, customerId))
              : Optional.empty();
      case SUPERVISOR, ADMIN -> Optional.of(this);
      case SERVICE, ANYONE -> Optional.empty();
    };
  }

  private OrderFilter of(UUID technician, UUID customer) {
    return new OrderFilter(
        status,
        priority,
        category,
        zone,
        technician,
        customer,
        createdFrom,
        createdTo,
        dueBefore,
        breached,
        now,
        text);
  }
}
