package com.telconova.tracking.live;

import java.util.List;

/// How much is read at once: so many entries, or as many as have so many bytes, whichever is less,
/// but one at least. An event may have 240 KiB: a hundred of them for each of many clients would
/// not fit into any heap.
record Slice(int rows, long bytes) {
  /// For one client that catches up.
  static final Slice OF_CLIENT = new Slice(100, 256 * 1024);

  /// For the one poller that reads for everybody.
  static final Slice OF_POLLER = new Slice(1_000, 4 * 1024 * 1024);

  /// Whether there may be more behind these.
  boolean isFull(List<LiveEntry> entries) {
    return entries.size() >= rows
        || entries.stream().mapToLong(entry -> entry.frame().length).sum() >= bytes;
  }
}
