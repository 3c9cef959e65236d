package com.telconova.local.lab;

import com.telconova.shared.os.CgroupFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Makes cgroups for children, of version 1 or 2, where this process may (cgroups(7)).
///
/// Version 2 gives a controller to the children of a cgroup only when that says so in
/// `cgroup.subtree_control`, and such a cgroup may hold no process: so ours are made beside our
/// own, or further up.
final class Cgroups {
  private static final String PREFIX = "microflow-lab-";
  private static final Duration EMPTY = Duration.ofSeconds(5);

  private final CgroupFolders folders;

  private Cgroups(CgroupFolders folders) {
    this.folders = folders;
  }

  /// @param root `/`, or a tree of files in its place
  static Cgroups find(Path root) {
    return new Cgroups(CgroupFolders.find(root.resolve("proc/self"), root));
  }

  /// Why no cgroup with this controller can be made; empty when one can, which is tried.
  ///
  /// @param controller `cpu` or `memory`
  Optional<String> missing(String controller) {
    try (var _ = make(controller)) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  /// Makes one; what a killed run left is removed first.
  ///
  /// @throws IOException when that is not allowed, or there is no such controller
  Group make(String controller) throws IOException {
    var first = folders.controllers().get(controller);
    if (first != null) {
      return make(first.folder(), controller, 1);
    }
    var second = folders.unified();
    if (second.isEmpty()) {
      throw new IOException("no cgroup has the controller " + controller);
    }
    Path at = second.get().folder();
    Path top = second.get().mount();
    if (!at.equals(top)) {
      at = at.getParent();
    }
    for (; at != null && at.startsWith(top); at = at.getParent()) {
      if (words(at.resolve("cgroup.subtree_control")).contains(controller)) {
        return make(at, controller, 2);
      }
    }
    if (words(top.resolve("cgroup.controllers")).contains(controller)) {
      // Of the real root only; elsewhere it fails for as long as there are processes in it.
      Files.writeString(top.resolve("cgroup.subtree_control"), "+" + controller);
      return make(top, controller, 2);
    }
    throw new IOException("no cgroup around this process gives its children " + controller);
  }

  private static Group make(Path parent, String controller, int version) throws IOException {
    removeAbandoned(parent);
    var folder =
        parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + controller + "-" + nonce());
    Files.createDirectory(folder);
    var group = new Group(folder, version);
    try {
      // Whoever may not move processes into it has no use for it.
      if (!Files.isWritable(folder.resolve("cgroup.procs"))) {
        throw new IOException(folder.resolve("cgroup.procs") + " may not be written");
      }
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  private static String nonce() {
    return Long.toString(System.nanoTime(), 36);
  }

  private static void removeAbandoned(Path parent) throws IOException {
    List<Path> ours;
    try (Stream<Path> all = Files.list(parent)) {
      ours = all.filter(f -> f.getFileName().toString().startsWith(PREFIX)).toList();
    }
    for (var folder : ours) {
      var pid = folder.getFileName().toString().substring(PREFIX.length()).split("-")[0];
      if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
        new Group(folder, 0).close();
      }
    }
  }

  private static List<String> words(Path file) {
    try {
      return List.of(Files.readString(file).strip().split("\\s+"));
    } catch (IOException e) {
      return List.of();
    }
  }

  /// A cgroup of ours; gone when closed, with whatever ran in it.
  static final class Group implements AutoCloseable {
    private final Path folder;
    private final int version;

    private Group(Path folder, int version) {
      this.folder = folder;
      this.version = version;
    }

    Path folder() {
      return folder;
    }

    /// 1 or 2.
    int version() {
      return version;
    }

    /// Gives it so much of one processor.
    ///
    /// @param share 0.5 for half of one
    void limitCpu(double share, Duration period) throws IOException {
      long micros = period.toNanos() / 1000;
      long quota = Math.round(share * micros);
      if (version == 1) {
        write("cpu.cfs_period_us", micros);
        write("cpu.cfs_quota_us", quota);
      } else {
        write("cpu.max", quota + " " + micros);
      }
    }

    /// Has it go before all others that want the processor, up to its quota.
    void comeFirst() throws IOException {
      write(version == 1 ? "cpu.shares" : "cpu.weight", version == 1 ? 262_144 : 10_000);
    }

    /// Gives it so much memory, and no swap.
    void limitMemory(long bytes) throws IOException {
      write(version == 1 ? "memory.limit_in_bytes" : "memory.max", bytes);
      var swap = version == 1 ? "memory.memsw.limit_in_bytes" : "memory.swap.max";
      if (Files.exists(folder.resolve(swap))) {
        write(swap, version == 1 ? bytes : 0);
      }
    }

    /// Moves a process into it, with all its threads.
    void add(long pid) throws IOException {
      write("cgroup.procs", pid);
    }

    /// How many periods there were, and in how many the quota was used up.
    long[] throttling() throws IOException {
      return new long[] {number("cpu.stat", "nr_periods"), number("cpu.stat", "nr_throttled")};
    }

    /// How long it stood still for its quota; the sum over processors.
    Duration throttled() throws IOException {
      return version == 1
          ? Duration.ofNanos(number("cpu.stat", "throttled_time"))
          : Duration.ofNanos(number("cpu.stat", "throttled_usec") * 1000);
    }

    /// How many in it were killed for want of memory.
    long oomKills() throws IOException {
      return number(version == 1 ? "memory.oom_control" : "memory.events", "oom_kill");
    }

    /// The most memory it ever had; empty where the kernel does not tell.
    Optional<Long> peakBytes() throws IOException {
      var file = folder.resolve(version == 1 ? "memory.max_usage_in_bytes" : "memory.peak");
      return Files.exists(file)
          ? Optional.of(Long.parseLong(Files.readString(file).strip()))
          : Optional.empty();
    }

    private long number(String file, String key) throws IOException {
      for (var line : Files.readAllLines(folder.resolve(file))) {
        var words = line.split(" ");
        if (words.length == 2 && words[0].equals(key)) {
          return Long.parseLong(words[1]);
        }
      }
      return 0;
    }

    private void write(String file, Object value) throws IOException {
      Files.writeString(folder.resolve(file), value.toString());
    }

    /// Kills what is in it and removes it; whoever was in it leaves a moment after its end.
    @Override
    public void close() {
      long deadline = System.nanoTime() + EMPTY.toNanos();
      while (!removed()) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(folder + " cannot be removed");
        }
        killAll();
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
    }

    private boolean removed() {
      try {
        // A cgroup is a folder full of files that only the kernel removes.
        Files.deleteIfExists(folder);
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    private void killAll() {
      try {
        Files.readAllLines(folder.resolve("cgroup.procs")).stream()
            .map(Long::parseLong)
            .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      } catch (IOException e) {
        // It is gone meanwhile, or not to be read.
      }
    }
  }
}
