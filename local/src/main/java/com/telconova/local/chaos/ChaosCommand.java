package com.telconova.local.chaos;

import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.testing.Checkout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs scenarios, all of them or those that are named, each as often as it is promised.
@Command(name = "chaos")
public final class ChaosCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*")
  private List<String> names = List.of();

  @Option(names = "--short")
  private boolean sample;

  @Option(names = "--list")
  private boolean list;

  @Option(names = "--port-offset", converter = Plan.Offset.class)
  private OptionalInt portOffset = OptionalInt.empty();

  public ChaosCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// 0 when all held, 1 when anything did not.
  @Override
  public Integer call() throws Exception {
    var chosen = chosen();
    if (list) {
      print(chosen);
      return 0;
    }
    var failed = new ArrayList<String>();
    for (int instances = 1; instances <= 2; instances++) {
      int wanted = instances;
      var some = chosen.stream().filter(s -> s.instances() == wanted).toList();
      if (!some.isEmpty()) {
        failed.addAll(run(some, instances));
      }
    }
    if (!failed.isEmpty()) {
      throw new StartFailed(
          "what must hold did not: %s. The logs are in .microflow/logs."
              .formatted(String.join(", ", failed)));
    }
    terminal.done("%d of %d held".formatted(chosen.size(), chosen.size()));
    return 0;
  }

  private List<Scenario> chosen() {
    var all = Scenarios.all();
    for (var name : names) {
      if (all.stream().noneMatch(s -> s.name().equals(name))) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no scenario '" + name + "'; ./microflow chaos --list has them.");
      }
    }
    return all.stream().filter(s -> names.isEmpty() || names.contains(s.name())).toList();
  }

  private void print(List<Scenario> scenarios) {
    var table = new Table("name", "what is done to it");
    scenarios.forEach(s -> table.row(s.name(), s.fault()));
    table.print(terminal);
  }

  /// The names of those that failed. The next begins with a new laboratory then.
  private List<String> run(List<Scenario> scenarios, int instances) throws Exception {
    var failed = new ArrayList<String>();
    for (int next = 0; next < scenarios.size(); ) {
      try (var lab = Lab.start(Checkout.find(), terminal, portOffset, instances)) {
        terminal.heading("Breaking things; shorter than in production: " + Wires.waits());
        while (next < scenarios.size()) {
          var scenario = scenarios.get(next);
          next++;
          if (!holds(lab, scenario)) {
            failed.add(scenario.name());
            break;
          }
        }
        terminal.heading("Stopping");
      }
    }
    return failed;
  }

  private boolean holds(Lab lab, Scenario scenario) throws Exception {
    try {
      var scale = sample ? Scale.SHORT : Scale.FULL;
      var figures =
          terminal.step(
              scenario.name(), scenario.fault(), lab::progress, () -> scenario.run(lab, scale));
      terminal.line("      " + figures);
      return true;
    } catch (StepFailed e) {
      terminal.failed(e.getMessage());
      return false;
    }
  }
}
