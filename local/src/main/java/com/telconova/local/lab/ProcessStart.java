package com.telconova.local.lab;

import com.telconova.local.lab.child.Hello;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// From fork to the first request: what a start costs, and what an AOT cache saves.
final class ProcessStart implements Experiment {
  private static final String CACHE = "subject.aot";

  private static final Duration EXIT_TIME = Duration.ofSeconds(90);

  /// @param program fork, exec and end of /bin/true, in seconds
  /// @param java the same of the smallest Java program
  /// @param plain starts of a service without a cache
  /// @param cached starts with one
  /// @param cacheBytes how large it is
  record Figures(
      Sample program, Sample java, List<Birth> plain, List<Birth> cached, double cacheBytes) {}

  @Override
  public String name() {
    return "process-start";
  }

  @Override
  public int seconds() {
    return 45;
  }

  @Override
  public boolean usesServices() {
    return true;
  }

  @Override
  public Finding run(Site site, Scale scale) throws Exception {
    return tell(measure(site, scale));
  }

  Figures measure(Site site, Scale scale) throws Exception {
    int rounds = scale.of(1, 4);
    var subject = site.subject();
    site.progress("/bin/true");
    var program = new ArrayList<Double>();
    for (int i = 0; i < scale.of(10, 50); i++) {
      program.add(run(List.of("/bin/true")));
    }
    site.progress("java");
    var java = new ArrayList<Double>();
    for (int i = 0; i < scale.of(2, 8); i++) {
      java.add(run(site.command(Hello.class, List.of())));
    }
    var cache = site.folder().resolve(CACHE);
    try {
      var plain = births(site, subject, rounds, List.of());
      train(site, subject, cache);
      var cached = births(site, subject, rounds, List.of("-XX:AOTCache=" + cache));
      return new Figures(Sample.of(program), Sample.of(java), plain, cached, Files.size(cache));
    } finally {
      site.subjectFlags(List.of());
      subject.stop(EXIT_TIME);
      Files.deleteIfExists(cache);
    }
  }

  private static double run(List<String> command) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new StepFailed(command + " does not end");
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static List<Birth> births(Site site, Service subject, int rounds, List<String> flags)
      throws Exception {
    var births = new ArrayList<Birth>();
    site.subjectFlags(flags);
    for (int round = 1; round <= rounds; round++) {
      subject.stop(EXIT_TIME);
      site.progress((flags.isEmpty() ? "" : "AOT ") + round + "/" + rounds);
      births.add(Birth.of(subject));
    }
    return births;
  }

  /// Has the JVM note what it loads, and write it down when it ends (JEP 514).
  private static void train(Site site, Service subject, Path cache) throws Exception {
    site.progress("AOT cache");
    subject.stop(EXIT_TIME);
    site.subjectFlags(List.of("-XX:AOTCacheOutput=" + cache));
    Birth.of(subject);
    subject.stop(EXIT_TIME);
    if (!Files.exists(cache)) {
      throw new StepFailed("the JVM wrote no AOT cache; its log is " + subject.log());
    }
  }

  static Finding tell(Figures figures) {
    var finding = Finding.of("what", "start", "count>", "median>", "spread>");
    finding.row(
        Message.of("process-start.program"),
        "",
        Quantity.count(figures.program().size()),
        figures.program().median(Quantity.Unit.TIME),
        figures.program().spread(Quantity.Unit.TIME));
    finding.row(
        Message.of("process-start.java"),
        "",
        Quantity.count(figures.java().size()),
        figures.java().median(Quantity.Unit.TIME),
        figures.java().spread(Quantity.Unit.TIME));
    rows(finding, "process-start.plain", figures.plain());
    rows(finding, "process-start.cached", figures.cached());
    double plain = sample(figures.plain(), Birth::ready).median();
    double cached = sample(figures.cached(), Birth::ready).median();
    boolean used = figures.cached().stream().allMatch(Birth::cached);
    if (!used) {
      finding.answer("process-start.answer.unused");
    }
    finding.answer(
        cached < plain ? "process-start.answer.faster" : "process-start.answer.slower",
        "plain",
        Quantity.seconds(plain),
        "cached",
        Quantity.seconds(cached),
        "cpuPlain",
        Quantity.seconds(sample(figures.plain(), Birth::cpu).median()),
        "cpuCached",
        Quantity.seconds(sample(figures.cached(), Birth::cpu).median()),
        "size",
        Quantity.bytes(figures.cacheBytes()));
    double exec = sample(figures.plain(), Birth::exec).median();
    double jvm = sample(figures.plain(), Birth::jvm).median();
    finding.answer(
        "process-start.answer.kernel",
        "program",
        figures.program().median(Quantity.Unit.TIME),
        "java",
        figures.java().median(Quantity.Unit.TIME),
        "exec",
        Quantity.seconds(exec),
        "share",
        Quantity.share(jvm / plain));
    return finding.build();
  }

  private interface Value {
    double of(Birth birth);
  }

  private static Sample sample(List<Birth> births, Value value) {
    return Sample.of(births.stream().map(value::of).toList());
  }

  private static void rows(Finding.Builder finding, String what, List<Birth> births) {
    row(finding, what, "exec", births, Birth::exec, Quantity.Unit.TIME);
    row(finding, what, "jvm", births, Birth::jvm, Quantity.Unit.TIME);
    row(finding, what, "admin", births, Birth::admin, Quantity.Unit.TIME);
    row(finding, what, "api", births, Birth::api, Quantity.Unit.TIME);
    row(finding, what, "ready", births, Birth::ready, Quantity.Unit.TIME);
    row(finding, what, "cpu", births, Birth::cpu, Quantity.Unit.TIME);
    row(finding, what, "minor", births, Birth::minorFaults, Quantity.Unit.COUNT);
    row(finding, what, "major", births, Birth::majorFaults, Quantity.Unit.COUNT);
    row(finding, what, "resident", births, Birth::resident, Quantity.Unit.BYTES);
  }

  private static void row(
      Finding.Builder finding,
      String what,
      String key,
      List<Birth> births,
      Value value,
      Quantity.Unit unit) {
    var sample = sample(births, value);
    finding.row(
        Message.of(what),
        Message.of("process-start." + key),
        Quantity.count(sample.size()),
        sample.median(unit),
        sample.spread(unit));
  }
}
