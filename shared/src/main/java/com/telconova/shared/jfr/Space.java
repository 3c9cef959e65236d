package com.telconova.shared.jfr;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What there is for recordings. A JVM that cannot write its recording because the disk is full, or
/// because it may open no more files, ends itself at once (`JfrJavaSupport::abort`), so recordings
/// end before that.
///
/// @param free bytes where they are written
/// @param descriptors how many the process may still open
record Space(LongSupplier free, LongSupplier descriptors) {
  private static final long MEBIBYTE = 1024 * 1024;

  /// With less than this nothing is recorded: some seconds of a busy process, and a part of 12 MiB.
  static final long RESERVE = 32 * MEBIBYTE;

  /// With fewer than this nothing is recorded: what a busy process opens in some seconds. HTTP
  /// leaves more than that.
  private static final long RESERVED_DESCRIPTORS = 64;

  private static final long MAX_TAKEN = 256 * MEBIBYTE;

  /// Of the folder that Flight Recorder has chosen, or will choose.
  static Space ofRepository() {
    return new Space(Space::bytesOfRepository, Space::descriptorsLeft);
  }

  private static long bytesOfRepository() {
    var folder =
        new File(System.getProperty("jdk.jfr.repository", System.getProperty("java.io.tmpdir")));
    // Where there is no such folder, or it cannot be said, it is not space that is missing.
    return folder.getTotalSpace() == 0 ? Long.MAX_VALUE : folder.getUsableSpace();
  }

  private static long descriptorsLeft() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /// What is short, as a sentence without its full stop; empty when nothing is.
  Optional<String> shortage() {
    long bytes = free.getAsLong();
    if (bytes < RESERVE) {
      return Optional.of(
          "Only %d MiB are free where recordings are written, and %d MiB stay free"
              .formatted(bytes / MEBIBYTE, RESERVE / MEBIBYTE));
    }
    long left = descriptors.getAsLong();
    return left < RESERVED_DESCRIPTORS
        ? Optional.of(
            "Only %d descriptors are left, and %d stay free".formatted(left, RESERVED_DESCRIPTORS))
        : Optional.empty();
  }

  /// How large a recording may grow that somebody asks for.
  long forOne() {
    return Math.clamp((free.getAsLong() - RESERVE) / 2, MEBIBYTE, MAX_TAKEN);
  }
}
