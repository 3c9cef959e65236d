package com.telconova.local.up;

import com.telconova.local.gateway.Terms;
import com.telconova.local.people.People;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.StartFailed;
import com.telconova.local.workbench.Supervisor;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts everything and stays.
@Command(name = "up")
public final class UpCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--port-offset", converter = Plan.Offset.class)
  private OptionalInt portOffset = OptionalInt.of(0);

  @Option(names = "--instances")
  private int instances = 1;

  @Option(names = "--api-keys")
  private boolean apiKeys;

  @Option(names = "--no-throttling")
  private boolean noThrottling;

  @Option(names = "--ready-file")
  private Path readyFile;

  public UpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Ends by a signal only, or by an exception.
  @Override
  public Integer call() throws Exception {
    var checkout = Checkout.find();
    if (readyFile != null) {
      Files.deleteIfExists(readyFile);
    }
    try (var bench =
        Workbench.start(
            checkout,
            terminal,
            new Plan(portOffset, instances).with(terms()),
            "Starting MicroFlow")) {
      var people = People.with(bench.environment());
      terminal.step(
          "accounts",
          "one of each role, made through the API",
          () -> {
            try (var api = bench.api()) {
              people.register(api);
            }
            return null;
          });
      var run = new RunFile(checkout, bench, people);
      bench.opened(run);
      run.write();
      bench.opened(new TargetFile(checkout, bench.services()));
      bench.opened(new Supervisor(bench.services(), terminal, run::write));
      Welcome.print(terminal, bench, people);
      if (readyFile != null) {
        bench.opened(() -> Files.deleteIfExists(readyFile));
        Files.writeString(readyFile, "");
      }
      var lost = bench.awaitLoss();
      throw new StartFailed(lost + " has ended, without which nothing works; start again.");
    }
  }

  private Terms terms() {
    var terms = noThrottling ? Terms.NONE : Terms.USUAL;
    return apiKeys ? terms.withKey(newKey()) : terms;
  }

  private static String newKey() {
    var key = new byte[20];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
