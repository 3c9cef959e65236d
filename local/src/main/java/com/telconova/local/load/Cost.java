package com.telconova.local.load;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What the measured part of a run cost one process. Empty where the system or the process does not
/// tell.
///
/// @param name for people
/// @param requests answers while it was watched, of the whole system, by which costs are divided
/// @param cpuUserMillis CPU time in the program, of a process with its descendants if these count
/// @param cpuSystemMillis CPU time in the kernel on its behalf
/// @param residentBytes RSS at the end; of a tree the sum of PSS, for its memory is shared
/// @param proportionalBytes PSS at the end
/// @param threads at the end
/// @param descriptors at the end
/// @param voluntarySwitches waits for something
/// @param involuntarySwitches losses of the processor to others
/// @param gc collections; empty for what is no JVM
/// @param allocatedBytes on the Java heap
public record Cost(
    String name,
    long requests,
    double seconds,
    double cpuUserMillis,
    double cpuSystemMillis,
    long residentBytes,
    OptionalLong proportionalBytes,
    OptionalLong threads,
    OptionalLong descriptors,
    OptionalLong voluntarySwitches,
    OptionalLong involuntarySwitches,
    Optional<Collections> gc,
    OptionalLong allocatedBytes) {

  /// @param count how many
  /// @param seconds how long they took together
  public record Collections(long count, double seconds) {}

  /// CPU time, user and system, for each request of the run; zero when there were none.
  public double cpuMillisPerRequest() {
    return perRequest(cpuUserMillis + cpuSystemMillis);
  }

  /// Bytes allocated for each request of the run.
  public OptionalDouble allocatedPerRequest() {
    return allocatedBytes.isPresent()
        ? OptionalDouble.of(perRequest(allocatedBytes.getAsLong()))
        : OptionalDouble.empty();
  }

  /// How much of one processor it took, 1 for all of one.
  public double processors() {
    return seconds == 0 ? 0 : (cpuUserMillis + cpuSystemMillis) / 1e3 / seconds;
  }

  private double perRequest(double amount) {
    return requests == 0 ? 0 : amount / requests;
  }
}
