package com.telconova.workorder.assignment;

/// What must hold before somebody is sent, in the order in which it is said.
public enum Rule {
  /// They still work for us.
  ACTIVE,
  /// They take work at the moment.
  AVAILABLE,
  /// They neither declined this order nor have it already.
  EXCLUDED,
  /// They work in the order's zone. Dropped for P1.
  ZONE,
  /// They have every required skill at its level, and it has not expired.
  SKILLS,
  /// They are on shift for the way and the work.
  SHIFT,
  /// The work fits into what is left of their day.
  CAPACITY,
  /// They can arrive within the order's window, and within those promised already.
  OVERLAP;

  /// Whether it depends on what else they have to do; if not, more work does not change it.
  public boolean dependsOnLoad() {
    return switch (this) {
      case ACTIVE, AVAILABLE, EXCLUDED, ZONE, SKILLS -> false;
      case SHIFT, CAPACITY, OVERLAP -> true;
    };
  }
}
