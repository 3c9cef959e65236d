package com.telconova.local.lab;

import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.testing.Checkout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Lists the experiments, or runs those that are named.
@Command(name = "lab")
public final class LabCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final Duration LIMIT = Duration.ofSeconds(180);

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..*")
  private List<String> names = List.of();

  @Option(names = "--lang", converter = ByName.class)
  private Language language = Language.of(System.getenv());

  @Option(names = "--quick")
  private boolean quick;

  @Option(names = "--port-offset", converter = Plan.Offset.class)
  private OptionalInt portOffset = OptionalInt.empty();

  public LabCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// 0 when each gave an answer, or said what this machine lacks for it; 1 when one could not be
  /// measured.
  @Override
  public Integer call() throws Exception {
    var machine = new Machine(Path.of("/"));
    var printer = new Printer(terminal, language);
    var chosen = chosen();
    if (chosen.isEmpty()) {
      printer.list(Experiments.all(), machine);
      return 0;
    }
    var failed = new ArrayList<String>();
    try (var site = new Site(Checkout.find(), terminal, machine, portOffset, List.of())) {
      for (var experiment : chosen) {
        if (!run(experiment, site, printer)) {
          failed.add(experiment.name());
        }
      }
    }
    if (!failed.isEmpty()) {
      throw new StartFailed(
          language.say(Message.of("lab.failed", "names", String.join(", ", failed))));
    }
    return 0;
  }

  private List<Experiment> chosen() {
    var all = Experiments.all();
    if (names.contains(ALL)) {
      return all;
    }
    for (var name : names) {
      if (all.stream().noneMatch(e -> e.name().equals(name))) {
        var near = Experiments.near(name);
        throw new ParameterException(
            spec.commandLine(),
            language.say(
                near.isEmpty()
                    ? Message.of("lab.unknown", "name", name)
                    : Message.of(
                        "lab.unknown.near", "name", name, "near", String.join(", ", near))));
      }
    }
    return all.stream().filter(e -> names.contains(e.name())).toList();
  }

  private boolean run(Experiment experiment, Site site, Printer printer) throws Exception {
    printer.introduce(experiment);
    if (printer.missing(experiment, site.machine())) {
      return true;
    }
    try {
      if (experiment.usesServices()) {
        site.bench();
      }
      var finding =
          terminal.step(
              experiment.name(),
              language.text(experiment.name() + ".concept"),
              site::progress,
              () -> within(LIMIT, () -> experiment.run(site, quick ? Scale.QUICK : Scale.FULL)));
      printer.tell(experiment, finding);
      return true;
    } catch (StepFailed e) {
      if (site.isClosing()) {
        Thread.currentThread().join(); // the signal's handler ends the JVM
      }
      terminal.failed(e.getMessage());
      return false;
    } catch (Site.Stopped e) {
      Thread.currentThread().join();
      return false;
    } finally {
      site.tidy();
    }
  }

  /// Runs it on a thread of its own, and gives up waiting at the limit.
  private static Finding within(Duration limit, Callable<Finding> work) throws Exception {
    var task = new FutureTask<>(work);
    var thread = Thread.ofPlatform().daemon().name("experiment").start(task);
    try {
      return task.get(limit.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new StepFailed("it took longer than " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static final class ByName implements ITypeConverter<Language> {
    @Override
    public Language convert(String value) {
      try {
        return Language.valueOf(value.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + value + "' is neither en nor es.");
      }
    }
  }
}
