package com.telconova.workorder.place;

/// A point on earth, WGS 84, in degrees.
///
/// @param latitude -90 to 90
/// @param longitude -180 to 180
public record Position(double latitude, double longitude) {
  /// The mean radius of the earth (IUGG), in km.
  private static final double EARTH_KM = 6371.0088;

  public Position {
    if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException("not on earth: " + latitude + ", " + longitude);
    }
  }

  /// The great-circle distance by the haversine formula, in whole metres.
  ///
  /// `StrictMath`, so that every machine finds the same: decisions are replayed byte for byte.
  public long metresTo(Position other) {
    double north = Math.toRadians(other.latitude - latitude);
    double east = Math.toRadians(other.longitude - longitude);
    double haversine =
        square(StrictMath.sin(north / 2))
            + StrictMath.cos(Math.toRadians(latitude))
                * StrictMath.cos(Math.toRadians(other.latitude))
                * square(StrictMath.sin(east / 2));
    double angle = 2 * StrictMath.asin(Math.sqrt(Math.min(1, haversine)));
    return Math.round(angle * EARTH_KM * 1000);
  }

  private static double square(double number) {
    return number * number;
  }
}
