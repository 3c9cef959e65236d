package com.telconova.tracking.update;

import com.telconova.shared.token.Principal;
import com.telconova.tracking.participant.OrderFacts;
import java.util.UUID;

/// The data of the events `tracking.work_started`, `tracking.work_completed` and
/// `tracking.progress.updated`, and of the timeline's entries that tell of them.
///
/// @param technicianId whose work it is; absent while the order has nobody
/// @param kind which of those that share `tracking.progress.updated`; absent on the others
record Report(
    UUID orderId,
    UUID technicianId,
    UUID actorId,
    String actorRole,
    Update.Kind kind,
    String comment,
    Integer percent,
    Integer minutes,
    Double latitude,
    Double longitude,
    Update.Resolution resolution) {
  static Report of(OrderFacts order, Principal caller, Update update) {
    boolean spokenByType =
        update.kind() == Update.Kind.WORK_STARTED || update.kind() == Update.Kind.WORK_COMPLETED;
    Update.Position position = update.position();
    return new Report(
        order.id(),
        order.technicianId(),
        caller.userId(),
        caller.role().name(),
        spokenByType ? null : update.kind(),
        update.comment(),
        update.percent(),
        update.minutes(),
        position == null ? null : position.latitude(),
        position == null ? null : position.longitude(),
        update.resolution());
  }
}
