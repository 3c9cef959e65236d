package com.telconova.workorder.technician;

import java.time.Instant;
import java.util.UUID;

/// Somebody who can be sent to do an order.
///
/// @param id the id of their user in auth
/// @param active whether they still work for us as a technician
/// @param profileSet whether somebody set the profile, or it is the default
/// @param loadVersion grows with each order they are given
/// @param lastAssignedAt when that was last; null: never
public record Technician(
    UUID id,
    String name,
    boolean active,
    boolean profileSet,
    Profile profile,
    long loadVersion,
    Instant lastAssignedAt) {
  /// The same with what auth says of them.
  Technician known(String nameNow, boolean activeNow) {
    return new Technician(id, nameNow, activeNow, profileSet, profile, loadVersion, lastAssignedAt);
  }

  /// The same with a profile that somebody set.
  Technician with(Profile next) {
    return new Technician(id, name, active, true, next, loadVersion, lastAssignedAt);
  }

  /// The same somewhere else; the rest of the profile was not looked at.
  Technician present(Profile next) {
    return new Technician(id, name, active, profileSet, next, loadVersion, lastAssignedAt);
  }
}
