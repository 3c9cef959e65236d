package com.telconova.local.lab;

import java.util.List;

/// One concept of operating systems, shown by measuring it. What it says of itself, in each
/// language, stands under its name in `en.properties` and `es.properties`.
///
/// Experiments of one site run one after another; each leaves the site as it found it.
interface Experiment {
  /// What people call it: letters and dashes.
  String name();

  /// About how long it takes, without starting the services.
  int seconds();

  /// What it cannot do without, besides Java.
  default List<Need> needs() {
    return List.of(Need.LINUX);
  }

  /// Whether it is run on the three services, which are started for it.
  default boolean usesServices() {
    return false;
  }

  /// Measures.
  ///
  /// @return what was measured, and the answer that follows from it
  /// @throws com.telconova.local.steps.StepFailed when it could not be measured
  Finding run(Site site, Scale scale) throws Exception;
}
