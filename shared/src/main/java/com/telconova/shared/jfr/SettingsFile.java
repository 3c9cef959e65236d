package com.telconova.shared.jfr;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import jdk.jfr.Configuration;

/// `microflow.jfc` in this package: which events a recording of ours holds. Nothing that may hold a
/// secret is among them.
final class SettingsFile {
  private SettingsFile() {}

  /// By event and setting, such as `jdk.CPULoad#period`.
  static Map<String, String> read() {
    try (var reader =
        new InputStreamReader(
            SettingsFile.class.getResourceAsStream("microflow.jfc"), StandardCharsets.UTF_8)) {
      return Configuration.create(reader).getSettings();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalStateException("microflow.jfc cannot be read", e);
    }
  }
}
