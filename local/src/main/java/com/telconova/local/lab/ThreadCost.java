package com.telconova.local.lab;

import com.telconova.local.lab.child.Blocked;
import java.util.ArrayList;
import java.util.List;

/// What a thread costs that only waits: one of the kernel's, and one of Java's.
final class ThreadCost implements Experiment {
  /// So many threads of one kind, blocked; what they added to the process.
  ///
  /// @param started as many as the system allowed
  /// @param kernelThreads that the kernel knows
  /// @param startSeconds until all were blocked
  record Point(
      boolean virtual,
      int wanted,
      int started,
      Sample kernelThreads,
      Sample resident,
      Sample virtualSize,
      Sample startSeconds) {
    double residentEach() {
      return resident.median() / started;
    }
  }

  @Override
  public String name() {
    return "threads";
  }

  @Override
  public int seconds() {
    return 20;
  }

  @Override
  public Finding run(Site site, Scale scale) {
    return tell(measure(site, scale));
  }

  List<Point> measure(Site site, Scale scale) {
    var points = new ArrayList<Point>();
    int[] counts =
        scale == Scale.QUICK ? new int[] {10, 1_000} : new int[] {10, 100, 1_000, 10_000};
    for (int count : counts) {
      for (boolean virtual : new boolean[] {false, true}) {
        site.progress(count + (virtual ? " virtual" : " platform"));
        points.add(measure(site, virtual, count, scale.of(1, 3)));
      }
    }
    return points;
  }

  private static Point measure(Site site, boolean virtual, int count, int rounds) {
    var threads = new ArrayList<Double>();
    var resident = new ArrayList<Double>();
    var size = new ArrayList<Double>();
    var seconds = new ArrayList<Double>();
    int started = count;
    for (int round = 0; round < rounds; round++) {
      var kind = virtual ? "virtual" : "platform";
      try (var child = site.start(Blocked.class, List.of("-Xmx256m", "-Xmn2m"), kind, count)) {
        child.await("up");
        var before = Reading.of(child.pid());
        child.tell("go");
        var answer = child.numbers("blocked");
        var after = Reading.of(child.pid());
        started = Math.min(started, (int) answer[0]);
        seconds.add(answer[1] / 1e9);
        threads.add(after.threads() - before.threads());
        resident.add(after.resident() - before.resident());
        size.add(virtualSize(after) - virtualSize(before));
      }
    }
    return new Point(
        virtual,
        count,
        started,
        Sample.of(threads),
        Sample.of(resident),
        Sample.of(size),
        Sample.of(seconds));
  }

  private static double virtualSize(Reading reading) {
    return reading.value("process_memory_bytes", "type", "virtual");
  }

  static Finding tell(List<Point> points) {
    var finding =
        Finding.of(
            "kind", "count>", "kernel>", "resident>", "spread>", "each>", "virtual>", "start>");
    for (var point : points) {
      finding.row(
          Message.of(point.virtual() ? "threads.virtual" : "threads.platform"),
          Quantity.count(point.started()),
          Quantity.count(point.kernelThreads().median()),
          point.resident().median(Quantity.Unit.BYTES),
          point.resident().spread(Quantity.Unit.BYTES),
          Quantity.bytes(point.residentEach()),
          point.virtualSize().median(Quantity.Unit.BYTES),
          point.startSeconds().median(Quantity.Unit.TIME));
    }
    var platform = last(points, false);
    var virtual = last(points, true);
    double factor = platform.residentEach() / virtual.residentEach();
    finding.answer(
        factor >= 1 ? "threads.answer.cheaper" : "threads.answer.dearer",
        "count",
        Quantity.count(virtual.started()),
        "platform",
        Quantity.bytes(platform.residentEach()),
        "virtual",
        Quantity.bytes(virtual.residentEach()),
        "factor",
        Quantity.factor(factor >= 1 ? factor : 1 / factor),
        "platformKernel",
        Quantity.count(platform.kernelThreads().median()),
        "virtualKernel",
        Quantity.count(virtual.kernelThreads().median()));
    if (platform.started() < platform.wanted()) {
      finding.answer(
          "threads.answer.refused",
          "started",
          Quantity.count(platform.started()),
          "wanted",
          Quantity.count(platform.wanted()));
    }
    return finding.build();
  }

  private static Point last(List<Point> points, boolean virtual) {
    return points.stream().filter(p -> p.virtual() == virtual).reduce((_, p) -> p).orElseThrow();
  }
}
