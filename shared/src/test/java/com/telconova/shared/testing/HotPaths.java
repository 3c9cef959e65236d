package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs benchmarks by JMH and prints a line for each: nanoseconds and bytes of an operation. In a
/// build only for so long that one sees that they run; with `-Dmicroflow.rounds=full` in JVMs of
/// their own, with the services' flags, warm.
public final class HotPaths {
  private static final int FORKS = 2;
  private static final int ITERATIONS = 5;

  private HotPaths() {}

  /// @param benchmarks a class with methods that JMH knows as benchmarks
  public static void measure(Class<?> benchmarks) throws RunnerException {
    Collection<RunResult> results = new Runner(options(benchmarks)).run();

    assertThat(results).isNotEmpty();
    for (RunResult result : results) {
      Result<?> time = result.getPrimaryResult();
      assertThat(time.getScore()).as(result.getParams().getBenchmark()).isPositive();
      System.out.printf(
          Locale.ROOT,
          "%s: %,.0f ns ± %s, %s B, %d thread(s)%n",
          name(result),
          time.getScore(),
          Double.isNaN(time.getScoreError()) ? "-" : "%,.0f".formatted(time.getScoreError()),
          bytes(result),
          result.getParams().getThreads());
    }
  }

  private static Options options(Class<?> benchmarks) {
    boolean full = Rounds.of(0, 1) == 1;
    if (!full) {
      System.setProperty("jmh.ignoreLock", "true"); // modules are built side by side
    }
    var options =
        new OptionsBuilder()
            .include("\\b" + benchmarks.getSimpleName() + "\\b")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    return full
        ? options
            .forks(FORKS)
            .jvmArgs(flags())
            .warmupIterations(ITERATIONS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(ITERATIONS)
            .measurementTime(TimeValue.seconds(1))
            .build()
        : options
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(20))
            .build();
  }

  /// Those of a service, with room for a benchmark's own data.
  private static String[] flags() {
    Path file = Checkout.find().root().resolve("docker/jvm.args");
    try {
      List<String> flags = new ArrayList<>(Files.readAllLines(file));
      flags.removeIf(line -> !line.startsWith("-XX:+Use"));
      flags.add("-Xmx256m");
      return flags.toArray(String[]::new);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot read " + file, e);
    }
  }

  private static String name(RunResult result) {
    String[] parts = result.getParams().getBenchmark().split("\\.");
    String given =
        result.getParams().getParamsKeys().stream()
            .map(key -> " " + key + "=" + result.getParams().getParam(key))
            .collect(Collectors.joining());
    return parts[parts.length - 2] + "." + parts[parts.length - 1] + given;
  }

  private static String bytes(RunResult result) {
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return allocated == null || Double.isNaN(allocated.getScore())
        ? "-"
        : "%,.0f".formatted(allocated.getScore());
  }
}
