package com.telconova.shared.trace;

import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What OpenTelemetry's SDK last complained of: it logs by `java.util.logging`, whose lines are not
/// ours, and says nowhere else which status a collector answered.
final class OtelWords extends Handler {
  private static final int MAX_CHARACTERS = 200;

  /// A field, or its settings would be forgotten.
  private static final Logger SDK = Logger.getLogger("io.opentelemetry");

  private volatile String last;

  /// Keeps what the SDK logs off the process's error stream from now on.
  static OtelWords listen() {
    OtelWords words = new OtelWords();
    SDK.setUseParentHandlers(false);
    SDK.setLevel(Level.WARNING);
    SDK.addHandler(words);
    return words;
  }

  /// The last of them that was not taken yet.
  Optional<String> take() {
    String taken = last;
    last = null;
    return Optional.ofNullable(taken);
  }

  @Override
  public void publish(LogRecord record) {
    String said = String.valueOf(record.getMessage()).lines().findFirst().orElse("");
    last = said.length() > MAX_CHARACTERS ? said.substring(0, MAX_CHARACTERS) : said;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    SDK.removeHandler(this);
  }
}
