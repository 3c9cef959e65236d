package com.telconova.workorder.order;

import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import java.util.UUID;

/// Who makes a change, as history and events keep it.
public record Actor(UUID id, Role role) {
  static Actor of(Principal principal) {
    return new Actor(principal.userId(), principal.role());
  }

  Standing towards(Order order) {
    return switch (role) {
      case SUPERVISOR, ADMIN -> Standing.SUPERVISOR;
      case TECHNICIAN -> order.isAssignedTo(id) ? Standing.TECHNICIAN : Standing.STRANGER;
      case CLIENT -> order.customerId().equals(id) ? Standing.CUSTOMER : Standing.STRANGER;
      case SERVICE, ANYONE -> Standing.STRANGER;
    };
  }
}
