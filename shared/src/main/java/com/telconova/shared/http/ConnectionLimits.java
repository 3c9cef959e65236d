package com.telconova.shared.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;

/// What connections may take of a server.
///
/// @param count how many there may be at once; whoever comes then waits in the kernel's queue
/// @param firstRequest how long a new one may take to send its first request's head
record ConnectionLimits(int count, Duration firstRequest) {
  /// What stays for the database, other services, files and recordings: a JVM whose recording
  /// cannot open its next file ends itself.
  private static final long RESERVED = 256;

  private static final int LEAST = 64;
  private static final Duration FIRST_REQUEST = Duration.ofSeconds(10);

  /// As many as the process's descriptors allow.
  static ConnectionLimits ofProcess() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    long descriptors =
        system instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Integer.MAX_VALUE;
    return new ConnectionLimits(countOf(descriptors), FIRST_REQUEST);
  }

  static int countOf(long descriptors) {
    return Math.clamp(descriptors - RESERVED, LEAST, Integer.MAX_VALUE);
  }
}
