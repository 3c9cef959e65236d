package com.telconova.local.report;

import com.telconova.local.report.figures.Blocking;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.List;

/// What threads waited for besides input and output.
final class LocksSection {
  private static final int ROWS = 6;

  private LocksSection() {}

  static Section of(Figures figures) {
    return new Section(
        "locks",
        "Locks, pinning, the database's gate",
        "Where threads waited for each other: monitors from 10 ms, parked and in Object.wait from"
            + " 50 ms, virtual threads that held their carrier while they waited (pinned) from 20 ms,"
            + " transactions from 5 ms. Much parking is threads with nothing to do. A virtual thread"
            + " that parks and leaves its carrier is not recorded at all.",
        List.of(),
        Panels.of(figures, LocksSection::panel));
  }

  private static List<Block> panel(ProcessFigures process) {
    Blocking blocking = process.blocking();
    var blocks = new ArrayList<Block>();
    blocks.add(
        Tables.longest(
            "Monitors, ≥ 10 ms", "lock", blocking.monitors(), ROWS, "nobody waited so long."));
    blocks.add(
        Tables.longest(
            "Pinned, ≥ 20 ms", "where", blocking.pinned(), ROWS, "no carrier was held so long."));
    blocks.add(
        Tables.longest("Parked, ≥ 50 ms", "for", blocking.parks(), ROWS, "none that is recorded."));
    blocks.add(
        Tables.longest(
            "Object.wait, ≥ 50 ms", "for", blocking.objectWaits(), ROWS, "none so long."));
    blocks.add(Tables.longest("Slept, ≥ 50 ms", "where", blocking.sleeps(), ROWS, "none so long."));
    blocks.add(
        Tables.longest(
            "Transactions, ≥ 5 ms", "lane", blocking.transactions(), ROWS, "none took so long."));
    if (!blocking.transactions().isEmpty()) {
      blocks.add(
          new Block.Facts(
              List.of(
                  new Block.Fact(
                      "waited at the gate",
                      Durations.three(blocking.gate()),
                      "p50 / p99 / longest"),
                  new Block.Fact(
                      "for a connection",
                      Durations.three(blocking.connection()),
                      "p50 / p99 / longest"),
                  new Block.Fact("turned away", Units.count(blocking.turnedAway())))));
    }
    if (blocking.hash().count() > 0) {
      blocks.add(
          new Block.Facts(
              List.of(
                  new Block.Fact("passwords hashed", Units.count(blocking.hash().count())),
                  new Block.Fact(
                      "each took", Durations.three(blocking.hash()), "p50 / p99 / longest"),
                  new Block.Fact(
                      "waited for a thread",
                      Durations.three(blocking.hashWait()),
                      "p50 / p99 / longest"))));
    }
    return blocks;
  }
}
