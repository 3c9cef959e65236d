package com.telconova.local.lab;

import com.telconova.local.lab.child.Switches;
import java.util.ArrayList;
import java.util.List;

/// Who gives the processor up, and who is pushed off it.
final class ContextSwitches implements Experiment {
  /// One way to work.
  ///
  /// @param key among the texts
  /// @param voluntary switches a second, likewise involuntary
  /// @param cpu processors that were busy
  /// @param handovers a second; NaN where nothing is handed over
  record Way(String key, Sample voluntary, Sample involuntary, Sample cpu, Sample handovers) {
    /// Switches of both kinds: whoever is woken may push its waker off at once, or wait until that
    /// waits.
    double eachHandover() {
      return (voluntary.median() + involuntary.median()) / handovers.median();
    }
  }

  @Override
  public String name() {
    return "context-switches";
  }

  @Override
  public int seconds() {
    return 25;
  }

  @Override
  public Finding run(Site site, Scale scale) {
    return tell(measure(site, scale));
  }

  List<Way> measure(Site site, Scale scale) {
    int crowd = 4 * Runtime.getRuntime().availableProcessors();
    return List.of(
        measure(site, scale, "alone", "busy", 1),
        measure(site, scale, "crowd", "busy", crowd),
        measure(site, scale, "platform", "platform", 2),
        measure(site, scale, "virtual", "virtual", 2));
  }

  private static Way measure(Site site, Scale scale, String key, String kind, int threads) {
    site.progress(key);
    var voluntary = new ArrayList<Double>();
    var involuntary = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    var handovers = new ArrayList<Double>();
    for (int round = 0; round < scale.of(1, 3); round++) {
      // One carrier: what two virtual threads do to each other needs no second one.
      var flags = List.of("-Djdk.virtualThreadScheduler.parallelism=1");
      try (var child = site.start(Switches.class, flags, kind, threads, scale.of(400, 1_200))) {
        var done = child.numbers("done");
        double seconds = done[3];
        voluntary.add(done[0] / seconds);
        involuntary.add(done[1] / seconds);
        cpu.add(done[2] / seconds);
        handovers.add(kind.equals("busy") ? Double.NaN : done[4] / seconds);
      }
    }
    return new Way(
        key, Sample.of(voluntary), Sample.of(involuntary), Sample.of(cpu), Sample.of(handovers));
  }

  static Finding tell(List<Way> ways) {
    var finding =
        Finding.of("way", "voluntary>", "spread>", "involuntary>", "cpu>", "handovers>", "each>");
    for (var way : ways) {
      finding.row(
          Message.of("context-switches." + way.key()),
          way.voluntary().median(Quantity.Unit.RATE),
          way.voluntary().spread(Quantity.Unit.RATE),
          way.involuntary().median(Quantity.Unit.RATE),
          way.cpu().median(Quantity.Unit.COUNT),
          way.handovers().median(Quantity.Unit.RATE),
          Quantity.seconds(1 / way.handovers().median()));
    }
    var alone = of(ways, "alone");
    var crowd = of(ways, "crowd");
    var platform = of(ways, "platform");
    var virtual = of(ways, "virtual");
    boolean pushed = crowd.involuntary().median() > 2 * alone.involuntary().median();
    boolean waits = platform.voluntary().median() > 10 * alone.voluntary().median();
    finding.answer(
        waits ? "context-switches.answer.blocking" : "context-switches.answer.blocking.not",
        "blocking",
        platform.voluntary().median(Quantity.Unit.RATE),
        "busy",
        alone.voluntary().median(Quantity.Unit.RATE));
    finding.answer(
        pushed ? "context-switches.answer.crowd" : "context-switches.answer.crowd.not",
        "alone",
        alone.involuntary().median(Quantity.Unit.RATE),
        "crowd",
        crowd.involuntary().median(Quantity.Unit.RATE));
    double platformEach = platform.eachHandover();
    double virtualEach = virtual.eachHandover();
    finding.answer(
        virtualEach < platformEach / 10
            ? "context-switches.answer.virtual"
            : "context-switches.answer.virtual.not",
        "platform",
        Quantity.count(platformEach),
        "virtual",
        Quantity.count(virtualEach),
        "platformTime",
        Quantity.seconds(1 / platform.handovers().median()),
        "virtualTime",
        Quantity.seconds(1 / virtual.handovers().median()));
    return finding.build();
  }

  private static Way of(List<Way> ways, String key) {
    return ways.stream().filter(w -> w.key().equals(key)).findFirst().orElseThrow();
  }
}
