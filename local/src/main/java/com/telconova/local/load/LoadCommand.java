package com.telconova.local.load;

import com.telconova.local.terminal.Terminal;
import com.telconova.local.up.RunFile;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Puts load on a running `up`, and tells what became of it.
@Command(name = "load")
public final class LoadCommand implements Callable<Integer> {

  private static final double USUAL_RATE = 100;
  private static final int USUAL_CONNECTIONS = 256;

  private final Terminal terminal;
  private volatile String soFar = "";

  @Spec private CommandSpec spec;

  @Option(names = "--mix")
  private String mix = "day";

  @Option(names = "--rate")
  private Double rate;

  @Option(names = "--connections")
  private Integer connections;

  @Option(names = "--clients")
  private Integer clients;

  @Option(names = "--duration", converter = Time.class)
  private Duration duration = Duration.ofSeconds(30);

  @Option(names = "--warm-up", converter = Time.class)
  private Duration warmUp = Duration.ofSeconds(5);

  @Option(names = "--direct")
  private boolean direct;

  @Option(names = "--allow-remote")
  private boolean allowRemote;

  @Option(names = "--json")
  private Path json;

  public LoadCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    var profile = profile();
    var target = Target.ofRun(RunFile.read(Checkout.find()), !direct);
    if (!target.remote().isEmpty() && !allowRemote) {
      throw new StartFailed(
          target.remote().getFirst()
              + " is not this machine: --allow-remote sends load there, too");
    }
    terminal.heading(
        "Load: %s, %s, %s".formatted(profile.mix().name(), profile.arrival(), target.way()));
    try (var load = new Load(target)) {
      terminal.step(
          "prepare",
          "people, tokens, orders; what the sender is able to",
          () -> {
            load.prepare(profile);
            return null;
          });
      var about = "%s of warm-up, then %s".formatted(words(warmUp), words(duration));
      var result =
          terminal.step(
              "load", about, () -> soFar, () -> load.run(profile, one -> soFar = line(one)));
      terminal.heading("What became of it");
      result.table().lines().forEach(terminal::line);
      if (json != null) {
        write(result);
      }
      return result.total().good() == 0 ? 1 : 0;
    }
  }

  private Profile profile() {
    if (clients != null && (rate != null || connections != null)) {
      throw wrong("--clients is a closed loop, --rate with --connections an open one: not both");
    }
    try {
      Arrival arrival =
          clients != null
              ? new Arrival.Closed(clients)
              : new Arrival.Open(
                  rate == null ? USUAL_RATE : rate,
                  connections == null ? USUAL_CONNECTIONS : connections);
      return new Profile(Mix.of(mix), arrival, warmUp, duration);
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private void write(Result result) throws IOException {
    var file = json.toAbsolutePath().normalize();
    Files.createDirectories(file.getParent());
    Files.writeString(file, result.json() + "\n");
    terminal.line("");
    terminal.done("the same as JSON, in " + json);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String line(Progress one) {
    return String.format(
        Locale.ROOT,
        "%s  %,.0f/s  p99 %.1f ms  failed %,d  under way %,d",
        one.measuring() ? "measuring" : "warming up",
        one.perSecond(),
        one.p99().toNanos() / 1e6,
        one.errors(),
        one.underWay());
  }

  private static String words(Duration time) {
    return time.toMillis() / 1e3 == time.toSeconds()
        ? time.toSeconds() + " s"
        : time.toMillis() + " ms";
  }

  /// `500ms`, `30s`, `10m`, or a number of seconds.
  static final class Time implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s|m|)");

    @Override
    public Duration convert(String text) {
      var form = FORM.matcher(text);
      if (!form.matches()) {
        throw new TypeConversionException("a time is 500ms, 30s or 10m, not " + text);
      }
      long number = Long.parseLong(form.group(1));
      return switch (form.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "m" -> Duration.ofMinutes(number);
        default -> Duration.ofSeconds(number);
      };
    }
  }
}
