package com.telconova.local.up;

import com.telconova.local.api.Client;
import com.telconova.local.people.People;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.StartFailed;
import com.telconova.local.workbench.Supervisor;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
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
            checkout, terminal, new Plan(portOffset, instances), "Starting MicroFlow")) {
      var people = People.with(bench.environment());
      terminal.step(
          "accounts",
          "one of each role, made through the API",
          () -> {
            try (var api = new Client(bench.gateway().uri())) {
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
}
