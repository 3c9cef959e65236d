package com.telconova.local.workbench;

import java.util.List;
import java.util.Map;

/// What somebody puts between the processes of a workbench, or adds to them: a laboratory its wires
/// and crash points. Asked each time that a process is started.
public interface Rig {

  /// Changes nothing.
  Rig NONE = new Rig() {};

  /// The settings with which a process is started.
  ///
  /// @param instance from 1
  /// @param settings those it would have; not to be changed
  default Map<String, String> settings(String service, int instance, Map<String, String> settings) {
    return settings;
  }

  /// What a module is started as.
  ///
  /// @param module a service, or `sql`
  /// @param built what the build left
  default Program program(String module, Program built) {
    return built;
  }

  /// Options of its JVM beside the usual ones.
  ///
  /// @param instance from 1
  default List<String> flags(String service, int instance) {
    return List.of();
  }
}
