package com.telconova.workorder.technician;

import com.telconova.workorder.place.Position;
import java.time.Instant;
import java.util.List;

/// What a technician can be sent to do, where and when.
///
/// @param zone the service area; null: any
/// @param skills at most one of each name
/// @param shift null: always on
/// @param capacityMinutes how much work a day takes, 0 to 1440
/// @param available whether they take work at the moment, as they or a supervisor said
/// @param position where they were last; may be null
public record Profile(
    String zone,
    List<Skill> skills,
    Shift shift,
    int capacityMinutes,
    boolean available,
    Position position) {
  /// What a day takes unless somebody says otherwise: eight hours.
  public static final int DEFAULT_CAPACITY_MINUTES = 480;

  /// What a technician has until somebody sets it: any zone, no skills, always on.
  public static final Profile DEFAULT =
      new Profile(null, List.of(), null, DEFAULT_CAPACITY_MINUTES, true, null);

  public Profile {
    skills = List.copyOf(skills);
    if (capacityMinutes < 0 || capacityMinutes > 1440) {
      throw new IllegalArgumentException("capacityMinutes: " + capacityMinutes);
    }
  }

  public boolean onShift(Instant now) {
    return shift == null || shift.contains(now);
  }

  /// The same where they are now.
  ///
  /// @param position null: as before
  Profile present(boolean nowAvailable, Position nowAt) {
    return new Profile(
        zone, skills, shift, capacityMinutes, nowAvailable, nowAt == null ? position : nowAt);
  }
}
