package com.telconova.workorder.place;

import com.telconova.shared.problem.Faults;

/// A position as request bodies have it: two fields that come together or not at all.
public final class Coordinates {
  private Coordinates() {}

  /// Adds what is wrong with `/latitude` and `/longitude`.
  public static void check(Faults faults, Double latitude, Double longitude) {
    faults.range("/latitude", latitude, -90, 90);
    faults.range("/longitude", longitude, -180, 180);
    faults.require(
        (latitude == null) == (longitude == null),
        latitude == null ? "/latitude" : "/longitude",
        "is required: latitude and longitude come together");
  }

  /// @return null when there are none
  public static Position of(Double latitude, Double longitude) {
    return latitude == null ? null : new Position(latitude, longitude);
  }
}
