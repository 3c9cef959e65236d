package com.telconova.tracking;

import com.telconova.shared.lifecycle.Process;

/// The tracking process.
final class Main {
  private Main() {}

  public static void main(String[] args) {
    Process.run(
        "tracking", (environment, clock) -> TrackingApp.start(Config.from(environment), clock));
  }
}
