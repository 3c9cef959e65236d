package com.telconova.local.lab;

import com.telconova.local.lab.child.Reader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The same bytes from a disk and from memory.
final class PageCache implements Experiment {
  private static final double MEBIBYTE = 1 << 20;

  /// One way to read, with the file forgotten before or not.
  ///
  /// @param key `whole`, `random` or `mapped`
  /// @param resident what part of the file was in memory before, from 0 to 1
  record Way(
      String key,
      boolean warm,
      Sample seconds,
      Sample diskBytes,
      Sample major,
      Sample minor,
      Sample resident) {}

  /// @param fileBytes how large the file was
  /// @param cold how long each read of 4 KiB took, in seconds; likewise warm
  record Figures(double fileBytes, List<Way> ways, Sample cold, Sample warm) {
    Way way(String key, boolean isWarm) {
      return ways.stream()
          .filter(w -> w.key().equals(key) && w.warm() == isWarm)
          .findFirst()
          .orElseThrow();
    }
  }

  @Override
  public String name() {
    return "page-cache";
  }

  @Override
  public int seconds() {
    return 10;
  }

  @Override
  public Finding run(Site site, Scale scale) throws IOException {
    return tell(measure(site, scale));
  }

  Figures measure(Site site, Scale scale) throws IOException {
    // So large that the few pages a JVM reads of itself meanwhile are nothing beside it.
    int mebibytes = 64;
    int rounds = scale.of(1, 5);
    var file = site.folder().resolve("page-cache");
    var lines = new ArrayList<double[]>();
    var cold = new ArrayList<Double>();
    var warm = new ArrayList<Double>();
    try (var child =
        site.start(Reader.class, List.of(), file, mebibytes, rounds, scale.of(100, 400))) {
      for (int round = 0; round < rounds; round++) {
        site.progress(round + 1 + "/" + rounds);
        for (var times : List.of(cold, warm)) {
          lines.add(child.numbers("whole"));
          lines.add(child.numbers("random"));
          for (double nanos : child.numbers("each")) {
            times.add(nanos / 1e9);
          }
          lines.add(child.numbers("mapped"));
        }
      }
      child.awaitEnd();
    }
    var ways = new ArrayList<Way>();
    var keys = List.of("whole", "random", "mapped");
    for (int i = 0; i < keys.size(); i++) {
      for (int isWarm = 0; isWarm < 2; isWarm++) {
        ways.add(way(keys.get(i), isWarm == 1, lines, isWarm * keys.size() + i));
      }
    }
    return new Figures(mebibytes * MEBIBYTE, ways, Sample.of(cold), Sample.of(warm));
  }

  // Six lines a round, in the same order each time.
  private static Way way(String key, boolean warm, List<double[]> lines, int at) {
    var columns = new ArrayList<Sample>();
    for (int column = 0; column < 5; column++) {
      var values = new ArrayList<Double>();
      for (int i = at; i < lines.size(); i += 6) {
        values.add(lines.get(i)[column]);
      }
      columns.add(Sample.of(values));
    }
    return new Way(
        key, warm, columns.get(0), columns.get(1), columns.get(2), columns.get(3), columns.get(4));
  }

  static Finding tell(Figures figures) {
    var finding =
        Finding.of("way", "state", "there>", "took>", "spread>", "disk>", "major>", "minor>");
    for (var way : figures.ways()) {
      finding.row(
          Message.of("page-cache." + way.key()),
          Message.of(way.warm() ? "page-cache.warm" : "page-cache.cold"),
          way.resident().median(Quantity.Unit.SHARE),
          way.seconds().median(Quantity.Unit.TIME),
          way.seconds().spread(Quantity.Unit.TIME),
          way.diskBytes().median(Quantity.Unit.BYTES),
          way.major().median(Quantity.Unit.COUNT),
          way.minor().median(Quantity.Unit.COUNT));
    }
    var cold = figures.way("whole", false);
    var warm = figures.way("whole", true);
    if (cold.diskBytes().median() < figures.fileBytes() / 2) {
      finding.answer(
          "page-cache.answer.not",
          "disk",
          cold.diskBytes().median(Quantity.Unit.BYTES),
          "size",
          Quantity.bytes(figures.fileBytes()));
      return finding.build();
    }
    double factor = cold.seconds().median() / warm.seconds().median();
    finding.answer(
        factor >= 1 ? "page-cache.answer" : "page-cache.answer.slower",
        "size",
        Quantity.bytes(figures.fileBytes()),
        "coldSpeed",
        Quantity.throughput(figures.fileBytes() / cold.seconds().median()),
        "warmSpeed",
        Quantity.throughput(figures.fileBytes() / warm.seconds().median()),
        "coldDisk",
        cold.diskBytes().median(Quantity.Unit.BYTES),
        "warmDisk",
        warm.diskBytes().median(Quantity.Unit.BYTES),
        "factor",
        Quantity.factor(factor >= 1 ? factor : 1 / factor));
    finding.answer(
        "page-cache.answer.random",
        "cold",
        figures.cold().median(Quantity.Unit.TIME),
        "coldSlow",
        Quantity.seconds(figures.cold().quantile(0.99)),
        "warm",
        figures.warm().median(Quantity.Unit.TIME),
        "major",
        figures.way("mapped", false).major().median(Quantity.Unit.COUNT),
        "majorWarm",
        figures.way("mapped", true).major().median(Quantity.Unit.COUNT));
    return finding.build();
  }
}
