package com.telconova.workorder;

import com.telconova.shared.lifecycle.Process;

/// The workorder process.
final class Main {
  private Main() {}

  public static void main(String[] args) {
    Process.run(
        "workorder", (environment, clock) -> WorkorderApp.start(Config.from(environment), clock));
  }
}
