package com.telconova.tracking.update;

import com.telconova.shared.token.Principal;
import java.util.UUID;

/// The data of the timeline's entry that corrects the minutes of a report. The report stays as it
/// is; of several corrections the last counts. No event tells of it.
///
/// @param updateId the entry that is corrected
/// @param previousMinutes what counted until now
/// @param minutes what counts from now on, 0 to 1440
/// @param justification in the words of who corrects it
record Correction(
    UUID orderId,
    UUID updateId,
    UUID actorId,
    String actorRole,
    int previousMinutes,
    int minutes,
    String justification) {
  static final String TYPE = "tracking.update_corrected";

  /// What somebody asks for.
  record Wish(int minutes, String justification) {}

  static Correction of(
      UUID orderId, UUID updateId, Principal caller, int previousMinutes, Wish wish) {
    return new Correction(
        orderId,
        updateId,
        caller.userId(),
        caller.role().name(),
        previousMinutes,
        wish.minutes(),
        wish.justification());
  }
}
