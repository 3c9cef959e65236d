package com.telconova.auth;

import com.telconova.shared.lifecycle.Process;

/// The auth process.
final class Main {
  private Main() {}

  public static void main(String[] args) {
    Process.run("auth", (environment, clock) -> AuthApp.start(Config.from(environment), clock));
  }
}
