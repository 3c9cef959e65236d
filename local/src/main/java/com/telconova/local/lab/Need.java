package com.telconova.local.lab;

import java.util.Optional;

/// What an experiment cannot do without. Each has a name, and why it is missing, among the texts.
enum Need {
  /// Its `/proc` and its system calls.
  LINUX("linux") {
    @Override
    Optional<String> missing(Machine machine) {
      return machine.isLinux() ? Optional.empty() : Optional.of(machine.system());
    }
  },

  /// To make a cgroup with a limit of processor time.
  CPU_CGROUP("cpu-cgroup") {
    @Override
    Optional<String> missing(Machine machine) {
      return machine.cgroups().missing("cpu");
    }
  },

  /// To make a cgroup with a limit of memory.
  MEMORY_CGROUP("memory-cgroup") {
    @Override
    Optional<String> missing(Machine machine) {
      return machine.cgroups().missing("memory");
    }
  };

  private final String key;

  Need(String key) {
    this.key = key;
  }

  /// What it is called among the texts, without `need.`.
  String key() {
    return key;
  }

  /// Empty where it is there; else what the system says, for the text `need.KEY.missing`.
  abstract Optional<String> missing(Machine machine);
}
