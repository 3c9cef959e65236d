package com.telconova.local.bench;

import com.telconova.local.image.ImageRootCommand;
import com.telconova.local.image.ImageTrees;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measures the budgets, all of them or some parts, and writes the page. A part that fails does not
/// keep the others from being measured.
@Command(name = "bench")
public final class BenchCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(BenchCommand.class);

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Option(names = "--only", split = ",")
  private List<String> only = List.of();

  @Option(names = "--out")
  private Path out;

  @Option(names = "--quick")
  private boolean quick;

  @Option(names = "--image", negatable = true, defaultValue = "true", fallbackValue = "true")
  private boolean image;

  @Option(names = "--port-offset", converter = Plan.Offset.class)
  private OptionalInt portOffset = OptionalInt.empty();

  public BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// 0 when everything was measured, met or not; 1 when a part failed.
  @Override
  public Integer call() throws Exception {
    var checkout = Checkout.find();
    var chosen = chosen();
    var scale = quick ? Scale.QUICK : Scale.FULL;
    var folder = checkout.folder().resolve(quick ? "bench/quick" : "bench");
    var results = new Results(folder);
    var failed = new ArrayList<String>();
    var machine = MachineFacts.look(checkout);
    try (var ground = new Ground(checkout, terminal, portOffset, images(checkout))) {
      ground.bench();
      terminal.heading("Measuring" + (quick ? ", cut short: no figure counts" : ""));
      for (var part : chosen) {
        var outcome = run(part, ground, scale, machine, failed);
        if (outcome != null) {
          results.write(outcome);
        }
      }
    }
    var outcomes = results.read(Parts.all().stream().map(Part::name).toList());
    var page =
        out != null
            ? out
            : quick
                ? folder.resolve("performance.md")
                : checkout.root().resolve("docs/performance.md");
    Files.writeString(page, Page.of(outcomes, command()));
    print(outcomes);
    terminal.line("");
    terminal.line("  Written: " + page);
    if (!failed.isEmpty()) {
      throw new StartFailed("could not be measured: " + String.join(", ", failed));
    }
    return 0;
  }

  private List<Part> chosen() {
    var all = Parts.all();
    for (var name : only) {
      if (all.stream().noneMatch(part -> part.name().equals(name))) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no part '%s', but %s."
                .formatted(name, String.join(", ", all.stream().map(Part::name).toList())));
      }
    }
    return all.stream().filter(part -> only.isEmpty() || only.contains(part.name())).toList();
  }

  private String command() {
    return "./microflow bench"
        + (only.isEmpty() ? "" : " --only " + String.join(",", only))
        + (quick ? " --quick" : "")
        + (image ? "" : " --no-image");
  }

  /// What is shipped, made anew unless it is what the last build left.
  private Optional<ImageTrees> images(Checkout checkout) throws Exception {
    if (!image) {
      return Optional.empty();
    }
    var trees = ImageTrees.of(checkout);
    if (!trees.areCurrent(checkout)) {
      int exit = new CommandLine(new ImageRootCommand(terminal)).execute("--starts", "0");
      if (exit != 0) {
        throw new StartFailed("the images could not be made; --no-image measures without them.");
      }
    }
    return Optional.of(trees);
  }

  private Outcome run(
      Part part, Ground ground, Scale scale, MachineFacts machine, List<String> failed)
      throws Exception {
    var draft = new Outcome.Draft();
    var at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    ground.progress("");
    try {
      terminal.step(
          part.name(),
          part.about(),
          ground::progress,
          () -> {
            part.run(ground, scale, draft);
            return null;
          });
    } catch (Exception e) { // whatever it is, the other parts are worth having
      if (ground.bench().isClosing()) {
        Thread.currentThread().join(); // the signal's handler ends the JVM
      }
      log.warn("{} could not be measured", part.name(), e);
      boolean told = e instanceof StepFailed || e instanceof StartFailed;
      terminal.failed(told ? e.getMessage() : e.toString());
      failed.add(part.name());
      return null;
    }
    long seconds = Duration.between(at, Instant.now()).toSeconds();
    var outcome = draft.of(part.name(), at, quick, seconds, machine);
    outcome.grids().forEach(grid -> grid.print(terminal));
    terminal.line("");
    return outcome;
  }

  private void print(List<Outcome> outcomes) {
    var table = new Table("what", "wanted>", "measured>", "verdict");
    for (var budget : Budget.values()) {
      outcomes.stream()
          .flatMap(outcome -> outcome.budgets().stream())
          .filter(judged -> judged.budget() == budget)
          .findFirst()
          .ifPresent(judged ->
              table.row(
                  terminal.cut(budget.what(), 48),
                  budget.wanted(),
                  budget.with(judged.figure()),
                  budget.verdict(judged.figure()).replace("*", "")));
    }
    terminal.heading("Budgets");
    table.print(terminal);
  }
}
