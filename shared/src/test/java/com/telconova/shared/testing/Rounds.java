package com.telconova.shared.testing;

/// How often a race is run: some times in a build, as often as its promise says with
/// `-Dmicroflow.rounds=full`.
public final class Rounds {
  private static final boolean FULL = "full".equals(System.getProperty("microflow.rounds"));

  private Rounds() {}

  /// @param inABuild so that a build stays short
  /// @param full what is promised
  public static int of(int inABuild, int full) {
    return FULL ? full : inABuild;
  }
}
