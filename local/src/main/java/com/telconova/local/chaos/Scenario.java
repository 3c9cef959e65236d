package com.telconova.local.chaos;

/// One kind of fault, and what must hold all the same.
///
/// Scenarios of one laboratory run one after another; each leaves it whole and quiet.
interface Scenario {
  /// What people call it: letters and dashes.
  String name();

  /// What is broken, and how often, in a few words.
  String fault();

  /// How many instances of each service it needs, 1 or 2.
  default int instances() {
    return 1;
  }

  /// Breaks things, and looks.
  ///
  /// @return the figures, in one line
  /// @throws com.telconova.local.steps.StepFailed when something that must hold did not
  String run(Lab lab, Scale scale) throws Exception;
}
