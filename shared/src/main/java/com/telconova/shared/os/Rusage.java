package com.telconova.shared.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the kernel says of this process by `getrusage(2)`: all its threads, those that have ended
/// included. `/proc/self/status` counts the context switches of the first thread only, which in a
/// JVM does nothing but wait for the others. Not thread-safe.
final class Rusage {
  private static final Logger log = LoggerFactory.getLogger(Rusage.class);
  private static final int RUSAGE_SELF = 0;

  // struct rusage of 64-bit Linux and macOS: two struct timeval of 16 bytes, then fourteen long.
  private static final int FIELDS = 18;
  private static final int MINOR_FAULTS = 8;
  private static final int MAJOR_FAULTS = 9;
  private static final int VOLUNTARY = 16;
  private static final int INVOLUNTARY = 17;

  private final MethodHandle getrusage;
  private final MemorySegment usage =
      Arena.ofAuto().allocate(ValueLayout.JAVA_LONG.byteSize() * FIELDS);

  private Rusage(MethodHandle getrusage) {
    this.getrusage = getrusage;
  }

  /// Empty where native calls are not allowed, or the system has no such function: then `/proc`
  /// says what it knows.
  @SuppressWarnings("restricted")
  static Optional<Rusage> open() {
    try {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find("getrusage")
          .map(address ->
              linker.downcallHandle(
                  address,
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)))
          .map(Rusage::new);
    } catch (IllegalCallerException | UnsupportedOperationException e) {
      log.warn("No getrusage: context switches are not measured", e);
      return Optional.empty();
    }
  }

  /// Asks the kernel; what the others answer is of this moment.
  ///
  /// @return whether it answered
  boolean read() {
    try {
      return (int) getrusage.invokeExact(RUSAGE_SELF, usage) == 0;
    } catch (Throwable e) { // a method handle says that it throws anything
      log.warn("getrusage failed", e);
      return false;
    }
  }

  double userSeconds() {
    return seconds(0);
  }

  double systemSeconds() {
    return seconds(2);
  }

  double minorFaults() {
    return field(MINOR_FAULTS);
  }

  double majorFaults() {
    return field(MAJOR_FAULTS);
  }

  double voluntarySwitches() {
    return field(VOLUNTARY);
  }

  double involuntarySwitches() {
    return field(INVOLUNTARY);
  }

  private double seconds(int field) {
    // macOS has 32 bits of microseconds, and nothing of meaning behind them.
    return field(field) + (field(field + 1) & 0xFFFF_FFFFL) / 1e6;
  }

  private long field(int index) {
    return usage.getAtIndex(ValueLayout.JAVA_LONG, index);
  }
}
