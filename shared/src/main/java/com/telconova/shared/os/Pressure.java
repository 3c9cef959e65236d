package com.telconova.shared.os;

import java.nio.file.Path;
import java.util.Optional;

/// How long work stood still for want of processor, memory or disk (PSI): `some` while at least one
/// thread did, `full` while all that had something to do did. Of the whole system and of the
/// process's own cgroup, where the kernel has it (Linux 4.20; Documentation/accounting/psi.rst).
final class Pressure implements Part {
  private static final String[] RESOURCES = {"cpu", "memory", "io", "irq"};
  private static final double MICROS = 1e6;

  private final ProcFile file;
  private final Path system;
  private final Optional<Path> cgroup;

  /// @param cgroup the folder of the process's cgroup, version 2; version 1 has no pressure
  Pressure(ProcFile file, Path proc, Optional<Path> cgroup) {
    this.file = file;
    this.system = proc.resolve("pressure");
    this.cgroup = cgroup;
  }

  @Override
  public void collect(Scrape scrape) {
    var stalled =
        scrape.counter(
            "pressure_stall_seconds",
            "How long some, or all, of the work stood still for want of a resource.",
            "resource",
            "kind",
            "scope");
    for (String resource : RESOURCES) {
      read(stalled, system + "/" + resource, resource, "system");
      cgroup.ifPresent(
          folder -> read(stalled, folder + "/" + resource + ".pressure", resource, "cgroup"));
    }
  }

  private void read(Scrape.Family stalled, String path, String resource, String scope) {
    if (!file.read(path)) {
      return;
    }
    for (String kind : new String[] {"some", "full"}) {
      if (file.line(kind)) {
        stalled.add(file.valueOf("total") / MICROS, resource, kind, scope);
      }
    }
  }
}
