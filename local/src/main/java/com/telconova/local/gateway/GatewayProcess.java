package com.telconova.local.gateway;

import com.telconova.shared.lifecycle.Process;
import java.time.Duration;

/// The gateway as a process of its own: what `docker/compose.yaml` runs.
final class GatewayProcess {
  // A stream without events has a comment each 15 s; two may be lost to a busy machine.
  private static final Duration SILENCE = Duration.ofSeconds(50);

  private GatewayProcess() {}

  public static void main(String[] args) {
    Process.run(
        "gateway",
        (environment, _) -> {
          var config = GatewayConfig.from(environment);
          return Gateway.start(
              config.bindAddress(), config.port(), config.routes(), config.terms(), SILENCE);
        });
  }
}
