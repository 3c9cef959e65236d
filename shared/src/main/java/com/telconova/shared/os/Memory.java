package com.telconova.shared.os;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What the process holds of memory. The shares of what it has in common with others (PSS) are
/// computed by walking all its pages, about 1 ms for 67 MB: that is done every ten seconds at most.
final class Memory implements Part {
  private static final long SHARES_KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double KIBIBYTE = 1024;

  private final ProcFile file;
  private final String status;
  private final String shares;
  private final String score;
  private final LongSupplier nanos;
  private boolean sharesRead;
  private long sharesAt;
  private double pss = Double.NaN;
  private double uss = Double.NaN;
  private double swapPss = Double.NaN;

  /// @param nanos a clock for how old the shares are, such as [System#nanoTime]
  Memory(ProcFile file, Path process, LongSupplier nanos) {
    this.file = file;
    this.status = process + "/status";
    this.shares = process + "/smaps_rollup";
    this.score = process + "/oom_score";
    this.nanos = nanos;
  }

  @Override
  public void collect(Scrape scrape) {
    readShares();
    file.read(status);
    scrape
        .gauge("process_memory_bytes", "Memory of the process, by what it is counted.", "type")
        .add(kibibytes("VmRSS:"), "rss")
        .add(pss, "pss")
        .add(uss, "uss")
        .add(kibibytes("RssAnon:"), "anonymous")
        .add(kibibytes("RssFile:"), "file")
        .add(kibibytes("RssShmem:"), "shmem")
        .add(kibibytes("VmSwap:"), "swap")
        .add(swapPss, "swap_pss")
        .add(kibibytes("VmPTE:"), "page_tables")
        .add(kibibytes("VmSize:"), "virtual")
        .add(kibibytes("VmHWM:"), "peak_rss");
    file.read(score);
    scrape
        .gauge(
            "process_oom_score",
            "Who is killed first when memory runs out: 0 last, 1000 and more first.")
        .add(file.whole().field(0));
  }

  private void readShares() {
    long now = nanos.getAsLong();
    if (sharesRead && now - sharesAt < SHARES_KEPT_NANOS) {
      return;
    }
    file.read(shares);
    pss = kibibytes("Pss:");
    uss = kibibytes("Private_Clean:") + kibibytes("Private_Dirty:");
    swapPss = kibibytes("SwapPss:");
    sharesAt = now;
    sharesRead = true;
  }

  private double kibibytes(String title) {
    return file.number(title) * KIBIBYTE;
  }
}
