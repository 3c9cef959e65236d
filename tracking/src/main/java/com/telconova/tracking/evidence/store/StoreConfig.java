package com.telconova.tracking.evidence.store;

import com.telconova.shared.config.Settings;
import java.nio.file.Path;

/// Where evidence is kept: `EVIDENCE_STORE` is `s3` or `file`.
public sealed interface StoreConfig {
  /// @param name `EVIDENCE_BUCKET`: an S3 bucket of this account
  record Bucket(String name) implements StoreConfig {}

  /// @param path `EVIDENCE_DIRECTORY`: a directory, made if it is missing; of several instances,
  ///   all share it
  record Directory(Path path) implements StoreConfig {}

  static StoreConfig from(Settings settings) {
    Kind kind = settings.value("EVIDENCE_STORE", null, "s3 or file", StoreConfig::kind);
    return switch (kind) {
      case S3 -> new Bucket(settings.text("EVIDENCE_BUCKET"));
      case FILE ->
          new Directory(settings.value("EVIDENCE_DIRECTORY", null, "a directory", Path::of));
      case null -> null;
    };
  }

  /// What `EVIDENCE_STORE` takes.
  enum Kind {
    S3,
    FILE
  }

  private static Kind kind(String value) {
    return switch (value) {
      case "s3" -> Kind.S3;
      case "file" -> Kind.FILE;
      default -> throw new IllegalArgumentException(value);
    };
  }
}
