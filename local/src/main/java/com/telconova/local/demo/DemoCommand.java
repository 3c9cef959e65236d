package com.telconova.local.demo;

import com.telconova.local.api.Client;
import com.telconova.local.footprint.FootprintTable;
import com.telconova.local.people.People;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.StartFailed;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.testing.Checkout;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts everything, tells the story, shows the results, stops everything.
@Command(name = "demo")
public final class DemoCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(names = "--port-offset", converter = Plan.Offset.class)
  private OptionalInt portOffset = OptionalInt.of(0);

  public DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    long started = System.nanoTime();
    terminal.heading("MicroFlow: a field work order, from the call to the signed-off repair");
    terminal.quiet(
        "  Three small processes (auth, workorder, tracking) and, on this machine only,");
    terminal.quiet("  what they find on AWS otherwise. Everything listens on 127.0.0.1.");
    try (var bench =
        Workbench.start(Checkout.find(), terminal, new Plan(portOffset, 1), "1. Starting")) {
      show(bench);
      terminal.heading("7. Stopping");
    }
    terminal.done("services, queues, mail, database, gateway; nothing is left running");
    terminal.heading(
        "All of it took %.1f s. To try it yourself: ./microflow up"
            .formatted((System.nanoTime() - started) / 1e9));
    return 0;
  }

  private void show(Workbench bench) throws Exception {
    var people = People.with(bench.environment());
    try (var api = new Client(bench.gateway().uri());
        var events = new Events(bench.environment().readerUrl())) {
      terminal.heading("2. One order's life, through the gateway at " + bench.gateway().uri());
      var told = new Story(api, people, events, new Steps(terminal)).tell();

      terminal.heading(
          "3. Its timeline, kept by tracking; each entry seals its predecessor's hash");
      told.printTimeline(terminal);

      terminal.heading("4. Whom the system told, and the mail that really arrived");
      told.printNotifications(terminal);
      told.printMails(terminal, bench.mail().received());
      told.printMessages(terminal, bench.messages().received());

      terminal.heading("5. The events between the processes: outbox, SNS, SQS, inbox");
      events.print(terminal);

      terminal.heading("6. What each process uses now");
      FootprintTable.print(bench, terminal);
    } catch (StepFailed e) {
      terminal.failed(e.getMessage());
      for (var service : bench.services()) {
        if (!service.isAlive()) {
          terminal.failed(service.label() + " has ended; its last words:");
          service.lastWords().forEach(line -> terminal.quiet("      " + line));
        }
      }
      throw new StartFailed("the demo did not finish; the logs are in .microflow/logs");
    }
  }
}
