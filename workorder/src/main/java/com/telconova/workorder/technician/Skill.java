package com.telconova.workorder.technician;

import java.time.LocalDate;
import java.util.Locale;

/// What somebody can do, and how well.
///
/// @param skill 1 to 60 characters; capitals do not matter when skills are compared
/// @param level 1 to 5
/// @param expiresOn the last day on which it counts; null: for ever
public record Skill(String skill, int level, LocalDate expiresOn) {
  public Skill {
    if (skill.isBlank() || level < 1 || level > 5) {
      throw new IllegalArgumentException("not a skill: " + skill + " " + level);
    }
  }

  /// Whether it is the skill of this name.
  public boolean is(String name) {
    return key(skill).equals(key(name));
  }

  public boolean countsOn(LocalDate day) {
    return expiresOn == null || !day.isAfter(expiresOn);
  }

  /// What skills are compared by.
  static String key(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
