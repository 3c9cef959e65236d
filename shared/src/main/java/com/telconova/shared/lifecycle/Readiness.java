package com.telconova.shared.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Whether this process should be sent work: started, not stopping, and its checks pass.
///
/// Thread-safe. Starts as not ready.
public final class Readiness {
  /// A check returns empty when all is well, else what is wrong, in a few words without secrets.
  @FunctionalInterface
  public interface Check {
    Optional<String> fault();
  }

  private final Map<String, Check> checks = new LinkedHashMap<>();
  private volatile String reason = "starting";

  /// Adds a check that each [#faults] runs. To be called before the process is ready.
  public void require(String name, Check check) {
    checks.put(name, check);
  }

  public void ready() {
    reason = null;
  }

  public void stopping() {
    reason = "stopping";
  }

  /// What keeps this process from being ready, by name; empty when it is ready. Runs the checks.
  public Map<String, String> faults() {
    String now = reason;
    if (now != null) {
      return Map.of("process", now);
    }
    Map<String, String> faults = new LinkedHashMap<>();
    checks.forEach((name, check) -> run(check).ifPresent(fault -> faults.put(name, fault)));
    return faults;
  }

  private static Optional<String> run(Check check) {
    try {
      return check.fault();
    } catch (RuntimeException e) {
      return Optional.of("the check itself failed");
    }
  }
}
