package com.telconova.workorder.order;

import com.telconova.shared.config.Secret;
import com.telconova.shared.rest.ServiceClient;
import java.util.List;
import java.util.UUID;

/// Asks tracking whether there is evidence for an order: its events may not have told yet, and none
/// tells of what was deleted.
public final class EvidenceLookup {
  private final ServiceClient tracking;

  public EvidenceLookup(ServiceClient tracking) {
    this.tracking = tracking;
  }

  private record Evidence(UUID id) {}

  private record EvidenceList(List<Evidence> items) {}

  /// @param token the caller's own
  /// @throws com.telconova.shared.problem.Failure.Unavailable when tracking does not answer
  boolean exists(UUID orderId, Secret token) {
    return tracking
        .get("/tracking/" + orderId + "/evidence", token, EvidenceList.class)
        .filter(list -> !list.items().isEmpty())
        .isPresent();
  }
}
