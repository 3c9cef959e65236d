package com.telconova.local.seed;

import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.up.RunFile;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.config.Settings;
import com.telconova.shared.testing.Checkout;
import com.telconova.workorder.order.OrderStatus;
import com.telconova.workorder.seed.SeedPlan;
import com.telconova.workorder.seed.Seeder;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.CalendarConfig;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Makes up orders in the database of a running `up`, and in no other: where that is and how to get
/// in, only `up` says.
@Command(name = "seed")
public final class SeedCommand implements Callable<Integer> {

  private final Terminal terminal;
  private volatile String soFar = "";

  @Spec private CommandSpec spec;

  @Option(names = "--orders")
  private int orders = 1_000_000;

  @Option(names = "--technicians")
  private int technicians = 500;

  @Option(names = "--months")
  private int months = 12;

  public SeedCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    var plan = plan();
    var url = RunFile.read(Checkout.find()).path("databaseOwner").asText();
    // The services of the workbench keep the calendar that is the default.
    var calendar = BusinessCalendar.of(CalendarConfig.from(Settings.of(Map.of())));
    terminal.heading(
        "Making up %,d orders; until they are there, workorder answers with 503".formatted(orders));
    try {
      var report =
          terminal.step(
              "seed",
              "orders, history, promises, technicians; then indexes",
              () -> soFar,
              () -> Seeder.write(url, plan, calendar, this::note));
      print(plan, report);
      return 0;
    } catch (Seeder.AlreadySeeded e) {
      throw new StartFailed(e.getMessage());
    } catch (SQLException e) {
      throw new StartFailed("the database refused, and nothing was written: " + e.getMessage());
    }
  }

  private SeedPlan plan() {
    try {
      return new SeedPlan(orders, technicians, months, Instant.now());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private void note(String what, int done, int of) {
    soFar = of == 0 ? what : "%s, %,d of %,d".formatted(what, done, of);
  }

  private void print(SeedPlan plan, Seeder.Report report) {
    var table = new Table("what", "how many>");
    table.row("orders", "%,d".formatted(report.orders()));
    for (var status : OrderStatus.values()) {
      table.row("  " + status, "%,d".formatted(report.statuses().getOrDefault(status, 0)));
    }
    table.row("that missed a promise", "%,d".formatted(report.breached()));
    table.row("changes in their history", "%,d".formatted(report.changes()));
    table.row("customers", "%,d".formatted(report.customers()));
    table.row("technicians", "%,d".formatted(report.technicians()));
    table.print(terminal);
    terminal.line("");
    terminal.line("  Opened from " + plan.from() + " to " + plan.now() + ".");
    terminal.line(
        "  Customers and technicians have no accounts, and timelines know nothing of these orders.");
    terminal.line("  All of it goes when ./microflow up stops.");
  }
}
