package com.telconova.local.report;

import com.telconova.local.report.figures.Blocking;
import com.telconova.local.report.figures.Figures;
import com.telconova.local.report.figures.Histogram;
import com.telconova.local.report.figures.ProcessFigures;
import com.telconova.local.report.page.Block;
import com.telconova.local.report.page.Section;
import com.telconova.local.report.page.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
      var waits = new LinkedHashMap<String, Histogram>();
      waits.put("at the gate", blocking.gate());
      waits.put("for a connection", blocking.connection());
      blocks.add(Tables.durations("What such transactions waited", waits));
    }
    if (blocking.turnedAway() > 0) {
      blocks.add(
          new Block.Note(
              Units.count(blocking.turnedAway()) + " transactions were turned away at the gate."));
    }
    if (blocking.hash().count() > 0) {
      var hashes = new LinkedHashMap<String, Histogram>();
      hashes.put("hashing", blocking.hash());
      hashes.put("waited for a thread", blocking.hashWait());
      blocks.add(Tables.durations("Passwords", hashes));
    }
    return blocks;
  }
}
