package com.telconova.local.bench;

import com.telconova.local.lab.Birth;
import com.telconova.shared.testing.Topology;
import java.util.ArrayList;
import java.util.List;

/// How long a service takes until it is ready.
final class Starts implements Part {
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String about() {
    return "until ready, with and without the AOT cache";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    ground.arrangeAll();
    var rows =
        out.grid(
            "From just before exec to the first 200 on /health/ready, medians of " + scale.starts(),
            "service",
            "AOT cache",
            "ready ms>",
            "spread>",
            "CPU ms>",
            "RSS MiB>");
    if (ground.images().isEmpty()) {
      out.missing("--no-image: there is no AOT cache to start from.");
    }
    double slowest = Double.NaN;
    for (var service : Topology.SERVICES) {
      var without = new ArrayList<Birth>();
      var with = new ArrayList<Birth>();
      for (int i = 1; i <= scale.starts(); i++) {
        ground.progress("%s, %d of %d", service, i, scale.starts());
        without.add(start(ground, service, Knobs.Setup.SHIPPED.withoutCache()));
        if (ground.images().isPresent()) {
          with.add(start(ground, service, Knobs.Setup.SHIPPED));
        }
      }
      add(rows, service, "without", without);
      if (!with.isEmpty()) {
        double ready = add(rows, service, "with", with);
        slowest = Double.isNaN(slowest) ? ready : Math.max(slowest, ready);
      }
    }
    if (!Double.isNaN(slowest)) {
      out.judge(
          Budget.START, slowest, "the slowest of three; medians of %d".formatted(scale.starts()));
    }
  }

  private static Birth start(Ground ground, String service, Knobs.Setup setup) throws Exception {
    ground.setUp(service, setup);
    return Birth.of(ground.service(service));
  }

  private static double add(
      List<List<String>> rows, String service, String cache, List<Birth> births) {
    var ready = Series.of(births.stream().map(b -> b.ready() * 1e3).toList());
    rows.add(
        List.of(
            service,
            cache,
            Budget.number(ready.median()),
            ready.spread(),
            Budget.number(Series.of(births.stream().map(b -> b.cpu() * 1e3).toList()).median()),
            Budget.number(
                Series.of(births.stream().map(b -> b.resident() / MEBIBYTE).toList()).median())));
    return ready.median();
  }
}
