package com.telconova.local.lab;

import com.telconova.local.lab.child.Pieces;
import com.telconova.local.steps.StepFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a quota of processor time does to whoever computes.
final class CpuLimit implements Experiment {
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final double FITS = 0.2;

  /// A process with a quota.
  ///
  /// @param quota part of one processor; NaN for none
  /// @param share of one processor that it got
  /// @param periods in which the kernel looked, over all rounds, and those in which it was
  ///   throttled
  /// @param stood how long it stood still, of each second
  /// @param pieces how long each piece of 5 ms took, in seconds
  record Limited(
      double quota, Sample share, long periods, long throttled, double stood, Sample pieces) {}

  @Override
  public String name() {
    return "cpu-limit";
  }

  @Override
  public int seconds() {
    return 25;
  }

  @Override
  public List<Need> needs() {
    return List.of(Need.LINUX, Need.CPU_CGROUP);
  }

  @Override
  public Finding run(Site site, Scale scale) throws IOException {
    return tell(measure(site, scale));
  }

  List<Limited> measure(Site site, Scale scale) throws IOException {
    var all = new ArrayList<Limited>();
    for (double quota : new double[] {Double.NaN, 0.5, 0.2}) {
      site.progress(Double.isNaN(quota) ? "" : Math.round(quota * 100) + " %");
      all.add(measure(site, scale, quota));
    }
    return all;
  }

  private static Limited measure(Site site, Scale scale, double quota) throws IOException {
    var shares = new ArrayList<Double>();
    var pieces = new ArrayList<Double>();
    long periods = 0;
    long throttled = 0;
    double stood = 0;
    double wall = 0;
    for (int round = 0; round < scale.of(1, 3); round++) {
      try (var group = site.cgroup("cpu");
          var child = site.start(Pieces.class, List.of(), scale.of(800, 2_000))) {
        child.await("ready");
        group.comeFirst();
        if (!Double.isNaN(quota)) {
          group.limitCpu(quota, PERIOD);
        }
        group.add(child.pid());
        child.tell("go");
        var done = child.numbers("done");
        for (double nanos : child.numbers("pieces")) {
          pieces.add(nanos / 1e9);
        }
        shares.add(done[0] / done[1]);
        wall += done[1] / 1e9;
        periods += group.throttling()[0];
        throttled += group.throttling()[1];
        stood += group.throttled().toNanos() / 1e9;
      }
    }
    if (pieces.isEmpty()) {
      throw new StepFailed("not one piece was done");
    }
    return new Limited(
        quota, Sample.of(shares), periods, throttled, stood / wall, Sample.of(pieces));
  }

  static Finding tell(List<Limited> all) {
    var finding =
        Finding.of(
            "quota>",
            "share>",
            "spread>",
            "periods>",
            "throttled>",
            "stood>",
            "p50>",
            "p99>",
            "most>");
    for (var one : all) {
      finding.row(
          Quantity.share(one.quota()),
          one.share().median(Quantity.Unit.SHARE),
          one.share().spread(Quantity.Unit.SHARE),
          Quantity.count(one.periods()),
          Quantity.count(one.throttled()),
          Quantity.share(one.stood()),
          one.pieces().median(Quantity.Unit.TIME),
          Quantity.seconds(one.pieces().quantile(0.99)),
          Quantity.seconds(one.pieces().most()));
    }
    var free = all.getFirst();
    for (var one : all.subList(1, all.size())) {
      double off = Math.abs(one.share().median() / one.quota() - 1);
      boolean holds = off <= FITS && one.throttled() > 0;
      finding.answer(
          holds ? "cpu-limit.answer" : "cpu-limit.answer.not",
          "quota",
          Quantity.share(one.quota()),
          "share",
          one.share().median(Quantity.Unit.SHARE),
          "throttled",
          Quantity.count(one.throttled()),
          "periods",
          Quantity.count(one.periods()),
          "median",
          one.pieces().median(Quantity.Unit.TIME),
          "slow",
          Quantity.seconds(one.pieces().quantile(0.99)),
          "free",
          Quantity.seconds(free.pieces().quantile(0.99)));
    }
    return finding.build();
  }
}
