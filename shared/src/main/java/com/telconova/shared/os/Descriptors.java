package com.telconova.shared.os;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What the process has open, by kind, and how much it may have open. Each descriptor takes some
/// microseconds: where there are thousands they are counted every ten seconds at most.
final class Descriptors implements Part {
  private static final String[] KINDS = {"socket", "file", "pipe", "eventpoll", "other"};
  private static final int SOCKET = 0;
  private static final int FILE = 1;
  private static final int PIPE = 2;
  private static final int EVENTPOLL = 3;
  private static final int OTHER = 4;
  private static final int MANY = 1_000;
  private static final long MANY_KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ProcFile file;
  private final Path folder;
  private final String limits;
  private final LongSupplier nanos;
  private final int[] counts = new int[KINDS.length];
  private long[] inodes = new long[64];
  private int[] sockets = new int[64];
  private int socketCount;
  private boolean known;
  private long knownAt;

  /// @param nanos a clock, such as [System#nanoTime]
  Descriptors(ProcFile file, Path process, LongSupplier nanos) {
    this.file = file;
    this.nanos = nanos;
    this.folder = process.resolve("fd");
    this.limits = process + "/limits";
  }

  @Override
  public void collect(Scrape scrape) {
    long now = nanos.getAsLong();
    if (!known || Arrays.stream(counts).sum() < MANY || now - knownAt > MANY_KEPT_NANOS) {
      known = count();
      knownAt = now;
      Arrays.sort(inodes, 0, socketCount);
    }
    if (known) {
      var descriptors = scrape.gauge("process_fds", "Open file descriptors, by kind.", "kind");
      for (int kind = 0; kind < KINDS.length; kind++) {
        descriptors.add(counts[kind], KINDS[kind]);
      }
    }
    file.read(limits);
    scrape
        .gauge("process_max_fds", "How many descriptors the process may have open.")
        .add(file.number("Max open files"));
  }

  /// Whether a socket is one of this process's, as of the last scrape.
  boolean owns(long inode) {
    return Arrays.binarySearch(inodes, 0, socketCount, inode) >= 0;
  }

  /// Whether the last scrape could read them.
  boolean areKnown() {
    return known;
  }

  /// The descriptor of a socket, as of the last scrape.
  ///
  /// @param index from 0 to [#sockets]
  int socket(int index) {
    return sockets[index];
  }

  /// How many sockets it has, as of the last scrape.
  int sockets() {
    return socketCount;
  }

  private boolean count() {
    Arrays.fill(counts, 0);
    socketCount = 0;
    try (DirectoryStream<Path> open = Files.newDirectoryStream(folder)) {
      for (Path descriptor : open) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (!isThisList(target)) {
            counts[kind(descriptor, target)]++;
          }
        } catch (IOException e) {
          // closed meanwhile
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
  }

  /// The descriptor that the list itself is read through.
  private static boolean isThisList(String target) {
    return target.startsWith("/proc/") && target.endsWith("/fd");
  }

  private int kind(Path descriptor, String target) {
    if (target.startsWith("socket:[")) {
      if (socketCount == sockets.length) {
        sockets = Arrays.copyOf(sockets, socketCount * 2);
        inodes = Arrays.copyOf(inodes, socketCount * 2);
      }
      sockets[socketCount] = Integer.parseInt(descriptor.getFileName().toString());
      inodes[socketCount] = Long.parseLong(target, "socket:[".length(), target.length() - 1, 10);
      socketCount++;
      return SOCKET;
    }
    if (target.startsWith("/")) {
      return FILE;
    }
    if (target.startsWith("pipe:")) {
      return PIPE;
    }
    return target.equals("anon_inode:[eventpoll]") ? EVENTPOLL : OTHER;
  }
}
