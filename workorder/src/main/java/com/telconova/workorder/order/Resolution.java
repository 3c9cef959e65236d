package com.telconova.workorder.order;

import java.util.Objects;
import java.util.regex.Pattern;

/// How the work ended.
///
/// @param code what was done, such as `CABLE_REPLACED`
/// @param outcome whether it solved the customer's problem
/// @param comment in the technician's words; may be null
public record Resolution(String code, Outcome outcome, String comment) {
  /// What a code looks like.
  public static final Pattern CODE = Pattern.compile("[A-Z_]{2,40}");

  /// Whether the work solved the problem.
  public enum Outcome {
    RESOLVED,
    PARTIAL,
    UNABLE
  }

  public Resolution {
    Objects.requireNonNull(outcome, "outcome");
    if (!CODE.matcher(code).matches()) {
      throw new IllegalArgumentException("not a resolution code: " + code);
    }
  }

  boolean hasComment() {
    return comment != null && !comment.isBlank();
  }
}
