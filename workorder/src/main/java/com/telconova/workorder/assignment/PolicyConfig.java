package com.telconova.workorder.assignment;

import com.telconova.shared.config.Settings;
import java.util.Map;
import java.util.TreeMap;

/// What the engine must be told about the country it works in.
///
/// @param speedKmh `TRAVEL_SPEED_KMH`: how fast technicians get about, as the crow flies, 1 to 200,
///   default 25
/// @param zoneSpeedsKmh `ZONE_SPEEDS_KMH`: other speeds of some zones, such as
///   `BOG-CENTRO=12,RURAL=45`; `-`, the default, for none
public record PolicyConfig(int speedKmh, Map<String, Integer> zoneSpeedsKmh) {
  public PolicyConfig {
    zoneSpeedsKmh = Map.copyOf(zoneSpeedsKmh);
  }

  public static PolicyConfig from(Settings settings) {
    Map<String, Integer> zones =
        settings.value(
            "ZONE_SPEEDS_KMH",
            "-",
            "speeds by zone such as BOG-CENTRO=12,RURAL=45, each 1 to 200",
            PolicyConfig::speeds);
    return new PolicyConfig(
        settings.integer("TRAVEL_SPEED_KMH", 25, 1, 200), zones == null ? Map.of() : zones);
  }

  private static Map<String, Integer> speeds(String text) {
    Map<String, Integer> speeds = new TreeMap<>();
    for (String each : text.equals("-") ? new String[0] : text.split(",")) {
      String[] pair = each.split("=", 2);
      int speed = Integer.parseInt(pair[1].strip());
      if (speed < 1 || speed > 200 || pair[0].isBlank()) {
        throw new IllegalArgumentException(each);
      }
      speeds.put(pair[0].strip(), speed);
    }
    return speeds;
  }
}
