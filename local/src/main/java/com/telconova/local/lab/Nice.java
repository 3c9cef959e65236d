package com.telconova.local.lab;

import com.telconova.local.lab.child.Burner;
import com.telconova.local.lab.child.Kernel;
import com.telconova.local.steps.StepFailed;
import java.util.ArrayList;
import java.util.List;

/// Two processes that want the same processor, one of them nice.
final class Nice implements Experiment {
  // sched_prio_to_weight of the kernel: each step of niceness is a factor of about 1.25.
  private static final int[] WEIGHTS = {
    1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23, 18, 15
  };
  // Until both have heard of it.
  private static final long LEAD_MILLIS = 150;
  private static final double FITS = 0.05;

  /// A pair of which the first has niceness 0.
  ///
  /// @param niceness of the other
  /// @param apart whether each is in a session of its own
  /// @param share what the other got of what both got
  /// @param processor what both got of the processor
  record Pair(int niceness, boolean apart, Sample share, Sample processor) {
    double predicted() {
      return Nice.predicted(niceness);
    }
  }

  /// What one of this niceness gets beside one of niceness 0, from the kernel's table of weights.
  static double predicted(int niceness) {
    return (double) WEIGHTS[niceness] / (WEIGHTS[niceness] + WEIGHTS[0]);
  }

  @Override
  public String name() {
    return "nice";
  }

  @Override
  public int seconds() {
    return 45;
  }

  @Override
  public Finding run(Site site, Scale scale) {
    return tell(measure(site, scale), site.machine().hasAutogroups());
  }

  List<Pair> measure(Site site, Scale scale) {
    var pairs = new ArrayList<Pair>();
    for (int niceness : new int[] {0, 5, 10, 19}) {
      pairs.add(measure(site, scale, niceness, false));
    }
    pairs.add(measure(site, scale, 19, true));
    return pairs;
  }

  private static Pair measure(Site site, Scale scale, int niceness, boolean apart) {
    site.progress("nice " + niceness);
    var shares = new ArrayList<Double>();
    var processors = new ArrayList<Double>();
    int cpu = Kernel.firstProcessor();
    int millis = scale.of(400, 2_000);
    for (int round = 0; round < scale.of(1, 3); round++) {
      try (var one = start(site, apart, 0, cpu);
          var other = start(site, apart, niceness, cpu)) {
        if (one.numbers("ready")[0] == 0 || other.numbers("ready")[0] == 0) {
          throw new StepFailed("the kernel does not pin processes to a processor here");
        }
        long from = System.currentTimeMillis() + LEAD_MILLIS;
        var moments = from + " " + (from + millis);
        one.tell(moments);
        other.tell(moments);
        var first = one.numbers("done");
        var second = other.numbers("done");
        shares.add(second[0] / (first[0] + second[0]));
        processors.add((first[0] + second[0]) / first[1]);
      }
    }
    return new Pair(niceness, apart, Sample.of(shares), Sample.of(processors));
  }

  private static Child start(Site site, boolean apart, int niceness, int cpu) {
    // The whole JVM: what its other threads did counts for its session's weight.
    var command = new ArrayList<String>(List.of("nice", "-n", Integer.toString(niceness)));
    command.addAll(site.command(Burner.class, List.of(), cpu));
    return apart ? site.start(command) : site.startInThisSession(command);
  }

  static Finding tell(List<Pair> pairs, boolean autogroups) {
    var finding =
        Finding.of("niceness>", "sessions", "share>", "spread>", "predicted>", "processor>");
    for (var pair : pairs) {
      finding.row(
          Quantity.count(pair.niceness()),
          Message.of(pair.apart() ? "nice.apart" : "nice.together"),
          pair.share().median(Quantity.Unit.SHARE),
          pair.share().spread(Quantity.Unit.SHARE),
          Quantity.share(pair.predicted()),
          pair.processor().median(Quantity.Unit.SHARE));
    }
    var together = pairs.stream().filter(p -> !p.apart()).toList();
    double furthest =
        together.stream()
            .mapToDouble(p -> Math.abs(p.share().median() - p.predicted()))
            .max()
            .orElseThrow();
    var nicest = together.getLast();
    finding.answer(
        furthest <= FITS ? "nice.answer.fits" : "nice.answer.not",
        "niceness",
        Quantity.count(nicest.niceness()),
        "share",
        nicest.share().median(Quantity.Unit.SHARE),
        "predicted",
        Quantity.share(nicest.predicted()),
        "furthest",
        Quantity.share(furthest));
    var apart = pairs.stream().filter(Pair::apart).findFirst().orElseThrow();
    boolean counts = apart.share().median() < 0.3;
    finding.answer(
        counts ? "nice.answer.apart.counts" : "nice.answer.apart.not",
        "share",
        apart.share().median(Quantity.Unit.SHARE),
        "niceness",
        Quantity.count(apart.niceness()),
        "autogroup",
        Message.of(autogroups ? "nice.autogroup.on" : "nice.autogroup.off"));
    return finding.build();
  }
}
