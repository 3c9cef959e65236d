package com.telconova.local;

import com.telconova.local.apigateway.GatewayApiCommand;
import com.telconova.local.bench.BenchCommand;
import com.telconova.local.chaos.ChaosCommand;
import com.telconova.local.demo.DemoCommand;
import com.telconova.local.dlq.DlqCommand;
import com.telconova.local.image.ImageRootCommand;
import com.telconova.local.image.ImagesCommand;
import com.telconova.local.lab.LabCommand;
import com.telconova.local.load.LoadCommand;
import com.telconova.local.record.RecordCommand;
import com.telconova.local.report.ReportCommand;
import com.telconova.local.seed.SeedCommand;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.up.UpCommand;
import com.telconova.local.workbench.StartFailed;
import com.telconova.local.workbench.Stopping;
import com.telconova.shared.testing.MissingPrerequisite;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The commands that need Java; the `microflow` script starts this and knows the others.
@Command(
    name = "microflow",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DlqCommand.class,
      SeedCommand.class,
      RecordCommand.class,
      ReportCommand.class,
      ChaosCommand.class,
      LabCommand.class,
      LoadCommand.class,
      BenchCommand.class,
      GatewayApiCommand.class,
      ImageRootCommand.class,
      ImagesCommand.class
    })
public final class Main {
  private Main() {}

  /// Exit codes: 0 done, 1 failed (said in one line, with the remedy), 2 wrong usage, 130 Ctrl-C.
  public static void main(String[] args) {
    var terminal = Terminal.standard();
    // The mail server's threads, say, when somebody they talk to is killed.
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
        LoggerFactory.getLogger(Main.class).warn("{} has ended", thread.getName(), failure));
    var line = new CommandLine(new Main(), new WithTerminal(terminal));
    line.setExecutionExceptionHandler((failure, _, _) -> say(terminal, failure));
    line.setParameterExceptionHandler((failure, _) -> {
      terminal.error(failure.getMessage() + " See ./microflow help.");
      return 2;
    });
    System.exit(line.execute(args));
  }

  private static int say(Terminal terminal, Exception failure) throws Exception {
    switch (failure) {
      case Stopping _ -> Thread.currentThread().join(); // the signal's handler ends the JVM
      case MissingPrerequisite missing -> terminal.error(missing.getMessage());
      case StartFailed failed -> terminal.error(failed.getMessage());
      default -> {
        LoggerFactory.getLogger(Main.class).error("the command failed", failure);
        terminal.error(failure + " (its trace is in .microflow/logs/workbench.log)");
      }
    }
    return 1;
  }

  // picocli makes the commands; their one collaborator comes from here.
  private record WithTerminal(Terminal terminal) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      if (type == DemoCommand.class) {
        return type.cast(new DemoCommand(terminal));
      }
      if (type == UpCommand.class) {
        return type.cast(new UpCommand(terminal));
      }
      if (type == DlqCommand.class) {
        return type.cast(new DlqCommand(terminal));
      }
      if (type == SeedCommand.class) {
        return type.cast(new SeedCommand(terminal));
      }
      if (type == RecordCommand.class) {
        return type.cast(new RecordCommand(terminal));
      }
      if (type == ReportCommand.class) {
        return type.cast(new ReportCommand(terminal));
      }
      if (type == ChaosCommand.class) {
        return type.cast(new ChaosCommand(terminal));
      }
      if (type == LabCommand.class) {
        return type.cast(new LabCommand(terminal));
      }
      if (type == LoadCommand.class) {
        return type.cast(new LoadCommand(terminal));
      }
      if (type == BenchCommand.class) {
        return type.cast(new BenchCommand(terminal));
      }
      if (type == GatewayApiCommand.class) {
        return type.cast(new GatewayApiCommand(terminal));
      }
      if (type == ImageRootCommand.class) {
        return type.cast(new ImageRootCommand(terminal));
      }
      if (type == ImagesCommand.class) {
        return type.cast(new ImagesCommand(terminal));
      }
      if (type == DlqCommand.Listing.class) {
        return type.cast(new DlqCommand.Listing(terminal));
      }
      if (type == DlqCommand.Show.class) {
        return type.cast(new DlqCommand.Show(terminal));
      }
      if (type == DlqCommand.Redrive.class) {
        return type.cast(new DlqCommand.Redrive(terminal));
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
