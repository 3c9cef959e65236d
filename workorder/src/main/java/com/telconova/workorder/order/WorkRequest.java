package com.telconova.workorder.order;

import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What is to be done, where and how urgently.
///
/// @param title 3 to 200 characters
/// @param description 1 to 4000 characters
/// @param zone the service area, 1 to 60 characters
/// @param address 3 to 300 characters
/// @param position where exactly; may be null
/// @param requiredSkills what whoever does it must be able to do; may be empty
/// @param estimatedMinutes how long it should take, 5 to 1440
/// @param windowStart,windowEnd when the customer can be visited; each may be null
public record WorkRequest(
    String title,
    String description,
    Category category,
    Priority priority,
    String zone,
    String address,
    Position position,
    List<RequiredSkill> requiredSkills,
    int estimatedMinutes,
    Instant windowStart,
    Instant windowEnd) {

  /// How long an order takes when nobody says otherwise.
  static final int DEFAULT_MINUTES = 60;

  /// What kind of work it is.
  public enum Category {
    INSTALLATION,
    REPAIR,
    MAINTENANCE,
    UPGRADE,
    DISCONNECTION
  }

  /// A skill and how well it must be mastered.
  ///
  /// @param skill 1 to 60 characters
  /// @param level 1 to 5
  public record RequiredSkill(String skill, Integer level) {}

  public WorkRequest {
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(priority, "priority");
    requiredSkills = List.copyOf(requiredSkills);
    if (estimatedMinutes < 5 || estimatedMinutes > 1440) {
      throw new IllegalArgumentException("estimatedMinutes: " + estimatedMinutes);
    }
    if (windowStart != null && windowEnd != null && !windowEnd.isAfter(windowStart)) {
      throw new IllegalArgumentException("the window ends before it begins");
    }
  }

  /// The fields, by their name on the wire, in which `other` asks for something else.
  List<String> differences(WorkRequest other) {
    List<String> fields = new ArrayList<>();
    note(fields, "title", title, other.title);
    note(fields, "description", description, other.description);
    note(fields, "priority", priority, other.priority);
    note(fields, "zone", zone, other.zone);
    note(fields, "address", address, other.address);
    note(fields, "latitude", latitude(), other.latitude());
    note(fields, "longitude", longitude(), other.longitude());
    note(fields, "windowStart", windowStart, other.windowStart);
    note(fields, "windowEnd", windowEnd, other.windowEnd);
    return fields;
  }

  /// Degrees; null without a position.
  Double latitude() {
    return position == null ? null : position.latitude();
  }

  /// Degrees; null without a position.
  Double longitude() {
    return position == null ? null : position.longitude();
  }

  private static void note(List<String> fields, String name, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      fields.add(name);
    }
  }
}
