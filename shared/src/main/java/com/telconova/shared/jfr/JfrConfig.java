package com.telconova.shared.jfr;

import com.telconova.shared.config.Settings;
import java.time.Duration;

/// The recording that is always there.
///
/// @param recording `JFR_RECORDING`: `on` or `off`, default on; others can be taken either way
/// @param maxMebibytes `JFR_MAX_MEBIBYTES`: what it may take on disk before its oldest part goes, 1
///   to 1,024, default 8; the part being written comes on top of it
///   (`-XX:FlightRecorderOptions:maxchunksize`, 12 MiB unless told otherwise). Where the temporary
///   folder is in memory, that is memory
/// @param maxAge `JFR_MAX_AGE_SECONDS`: how far it goes back, 10 to 86,400, default 600
public record JfrConfig(boolean recording, int maxMebibytes, Duration maxAge) {

  public static JfrConfig from(Settings settings) {
    // What a fault was found in is null until the settings are checked.
    Boolean recording = settings.value("JFR_RECORDING", "on", "'on' or 'off'", JfrConfig::isOn);
    return new JfrConfig(
        Boolean.TRUE.equals(recording),
        settings.integer("JFR_MAX_MEBIBYTES", 8, 1, 1_024),
        settings.seconds("JFR_MAX_AGE_SECONDS", 600, 10, 86_400));
  }

  long maxBytes() {
    return maxMebibytes * 1024L * 1024L;
  }

  private static boolean isOn(String text) {
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException();
    };
  }
}
