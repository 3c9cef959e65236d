package com.telconova.shared.jfr;

import java.io.File;
import java.util.function.LongSupplier;

/// Free space where recordings are written. A JVM that cannot write its recording because the disk
/// is full ends itself at once (`JfrJavaSupport::abort`), so recordings end before that.
///
/// @param free bytes
record Space(LongSupplier free) {
  private static final long MEBIBYTE = 1024 * 1024;

  /// With less than this nothing is recorded: some seconds of a busy process, and a part of 12 MiB.
  static final long RESERVE = 32 * MEBIBYTE;

  private static final long MAX_TAKEN = 256 * MEBIBYTE;

  /// Of the folder that Flight Recorder has chosen, or will choose.
  static Space ofRepository() {
    return new Space(() -> {
      var folder =
          new File(System.getProperty("jdk.jfr.repository", System.getProperty("java.io.tmpdir")));
      // Where there is no such folder, or it cannot be said, it is not space that is missing.
      return folder.getTotalSpace() == 0 ? Long.MAX_VALUE : folder.getUsableSpace();
    });
  }

  boolean isShort() {
    return free.getAsLong() < RESERVE;
  }

  /// How large a recording may grow that somebody asks for.
  long forOne() {
    return Math.clamp((free.getAsLong() - RESERVE) / 2, MEBIBYTE, MAX_TAKEN);
  }

  long freeMebibytes() {
    return free.getAsLong() / MEBIBYTE;
  }
}
