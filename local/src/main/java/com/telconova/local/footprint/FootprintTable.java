package com.telconova.local.footprint;

import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Workbench;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Each process's footprint: the product's three, and apart from them what this machine adds.
public final class FootprintTable {
  private FootprintTable() {}

  /// Measures now and prints.
  public static void print(Workbench bench, Terminal terminal) {
    var table = new Table("process", "pid>", "RSS MiB>", "threads>", "descriptors>", "CPU s>");
    for (var service : bench.services()) {
      row(table, service.label(), service.pid(), Footprint.of(service.pid()));
    }
    table.row("", "", "", "", "", "");
    long self = ProcessHandle.current().pid();
    row(table, "gateway, mail, this command", self, Footprint.of(self));
    row(
        table,
        "SNS, SQS, S3 (Node.js)",
        bench.emulator().pid(),
        Footprint.of(bench.emulator().pid()));
    var postgres = bench.postgres().pid();
    row(table, "PostgreSQL, with its children", postgres, Footprint.ofTree(postgres));
    table.print(terminal);
  }

  private static void row(Table table, String name, long pid, Optional<Footprint> measured) {
    if (measured.isEmpty()) {
      table.row(name, pid, "ended", "", "", "");
      return;
    }
    var footprint = measured.get();
    table.row(
        name,
        pid,
        Math.round(footprint.residentBytes() / 1024.0 / 1024.0),
        told(footprint.threads()),
        told(footprint.descriptors()),
        String.format(Locale.ROOT, "%.1f", footprint.cpu().toMillis() / 1000.0));
  }

  private static String told(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
  }
}
