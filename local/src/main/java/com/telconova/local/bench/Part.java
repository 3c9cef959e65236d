package com.telconova.local.bench;

/// One part of the suite. It leaves the system in whatever state; the next arranges its own.
interface Part {
  /// A word, for `--only`.
  String name();

  /// What it measures, in a few words.
  String about();

  /// @throws com.telconova.local.steps.StepFailed when something did not come out as it must
  void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception;
}
