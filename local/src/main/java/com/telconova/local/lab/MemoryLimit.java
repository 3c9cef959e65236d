package com.telconova.local.lab;

import com.telconova.local.lab.child.Grower;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What happens at a limit of memory: the kernel's, and Java's own.
final class MemoryLimit implements Experiment {
  private static final long MEBIBYTE = 1 << 20;
  private static final long LIMIT = 96 * MEBIBYTE;
  private static final int KILLED = 137;

  /// A process that grew.
  ///
  /// @param kind `native` or `heap`
  /// @param limit of its cgroup; 0 for none
  /// @param sees the largest heap that its JVM would take
  /// @param reached how much it took, in bytes
  /// @param peak the most that its cgroup had, where the kernel tells
  record Grown(
      String kind,
      long limit,
      long sees,
      long reached,
      int exit,
      long oomKills,
      Optional<Long> peak) {}

  @Override
  public String name() {
    return "memory-limit";
  }

  @Override
  public int seconds() {
    return 5;
  }

  @Override
  public List<Need> needs() {
    return List.of(Need.LINUX, Need.MEMORY_CGROUP);
  }

  @Override
  public Finding run(Site site, Scale scale) throws IOException {
    return tell(measure(site));
  }

  List<Grown> measure(Site site) throws IOException {
    return List.of(
        measure(site, "native", 0), measure(site, "native", LIMIT), measure(site, "heap", LIMIT));
  }

  private static Grown measure(Site site, String kind, long limit) throws IOException {
    site.progress(kind);
    try (var group = site.cgroup("memory")) {
      if (limit > 0) {
        group.limitMemory(limit);
      }
      // In the cgroup before it is a JVM: the JVM looks for its limits when it starts.
      var command = new ArrayList<String>();
      command.addAll(List.of("sh", "-c", "echo $$ >\"$0\" && exec \"$@\""));
      command.add(group.folder().resolve("cgroup.procs").toString());
      command.addAll(site.command(Grower.class, List.of(), kind, 192));
      try (var child = site.start(command)) {
        long sees = (long) child.numbers("sees")[0];
        child.tell("go");
        long reached = 0;
        for (var line : child.rest()) {
          if (line.startsWith("have ")) {
            reached = Long.parseLong(line.substring("have ".length())) * MEBIBYTE;
          }
        }
        int exit = child.awaitEnd();
        return new Grown(kind, limit, sees, reached, exit, group.oomKills(), group.peakBytes());
      }
    }
  }

  static Finding tell(List<Grown> all) {
    var finding = Finding.of("kind", "limit>", "sees>", "reached>", "peak>", "kills>", "exit>");
    for (var one : all) {
      finding.row(
          Message.of("memory-limit." + one.kind()),
          Quantity.bytes(one.limit() == 0 ? Double.NaN : one.limit()),
          Quantity.bytes(one.sees()),
          Quantity.bytes(one.reached()),
          Quantity.bytes(one.peak().map(Long::doubleValue).orElse(Double.NaN)),
          Quantity.count(one.oomKills()),
          Quantity.count(one.exit()));
    }
    var outside = all.get(1);
    var inside = all.get(2);
    boolean killed = outside.exit() == KILLED && outside.oomKills() > 0;
    finding.answer(
        killed ? "memory-limit.answer.killed" : "memory-limit.answer.killed.not",
        "limit",
        Quantity.bytes(outside.limit()),
        "reached",
        Quantity.bytes(outside.reached()),
        "exit",
        Quantity.count(outside.exit()),
        "kills",
        Quantity.count(outside.oomKills()));
    boolean refused = inside.exit() == 3 && inside.oomKills() == 0;
    finding.answer(
        refused ? "memory-limit.answer.heap" : "memory-limit.answer.heap.not",
        "sees",
        Quantity.bytes(inside.sees()),
        "reached",
        Quantity.bytes(inside.reached()),
        "exit",
        Quantity.count(inside.exit()),
        "kills",
        Quantity.count(inside.oomKills()));
    return finding.build();
  }
}
