package com.telconova.local.lab;

import java.nio.file.Files;
import java.nio.file.Path;

/// What this machine has, and what of it may be used.
final class Machine {
  private final Path root;
  private final Cgroups cgroups;

  /// @param root `/`, or a tree of files in its place
  Machine(Path root) {
    this.root = root;
    this.cgroups = Cgroups.find(root);
  }

  /// Whether there is a `/proc`.
  boolean isLinux() {
    return Files.isDirectory(root.resolve("proc/self"));
  }

  /// What the system calls itself.
  String system() {
    return System.getProperty("os.name");
  }

  Cgroups cgroups() {
    return cgroups;
  }

  /// Whether each session shares the processor with the others as if it were one process
  /// (sched(7)): niceness counts within it only.
  boolean hasAutogroups() {
    try {
      var file = root.resolve("proc/sys/kernel/sched_autogroup_enabled");
      return Files.readString(file).strip().equals("1");
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
