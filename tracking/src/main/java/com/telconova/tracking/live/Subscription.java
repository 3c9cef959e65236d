package com.telconova.tracking.live;

import com.telconova.shared.token.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// One client that follows a feed: what waits to be written to it, and why it is to end. The poller
/// offers, the client's own thread takes; nobody ever waits for the client.
final class Subscription {
  /// How many entries may wait for a client.
  static final int CAPACITY = 64;

  private static final Duration BURST = Duration.ofSeconds(1);

  private final Feed feed;
  private final Principal caller;
  private final EventStream out;
  private final Deque<LiveEntry> waiting = new ArrayDeque<>();
  private Place place;
  private long progress = System.nanoTime(); // when its thread last came for more
  private boolean idle;
  private boolean behind;
  private End end;

  /// Why a stream ends; the client may come again with its `Last-Event-ID`.
  enum End {
    PEER_GONE,
    TOO_SLOW,
    TOKEN_EXPIRED,
    SESSION_ENDED,
    NOT_YOURS,
    STOPPING,
    FAILED
  }

  /// @param place the last entry that the client has
  Subscription(Feed feed, Principal caller, EventStream out, Place place) {
    this.feed = feed;
    this.caller = caller;
    this.out = out;
    this.place = place;
  }

  Feed feed() {
    return feed;
  }

  Principal caller() {
    return caller;
  }

  EventStream out() {
    return out;
  }

  /// The last entry written. For the client's own thread.
  Place place() {
    return place;
  }

  /// Notes that the client has everything up to here. For the client's own thread.
  void wrote(Place reached) {
    place = reached;
  }

  /// Adds an entry. When too many wait already, a client that still takes some has met a burst and
  /// goes back to the database; one that does not is cut, and reads the rest when it comes again.
  void offer(LiveEntry entry) {
    synchronized (this) {
      if (end != null) {
        return;
      }
      long now = System.nanoTime();
      progress = idle ? now : progress;
      if (!behind && waiting.size() < CAPACITY) {
        waiting.add(entry);
        notifyAll();
        return;
      }
      if (now - progress < BURST.toNanos()) {
        behind = true;
        waiting.clear();
        notifyAll();
        return;
      }
    }
    end(End.TOO_SLOW);
    out.cut();
  }

  /// Begins to take offers. Nobody offers while this is called.
  synchronized void listen() {
    behind = false;
    waiting.clear();
  }

  /// The next entry; empty when none came in time, the client fell behind or is to end.
  synchronized Optional<LiveEntry> next(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    long deadline = System.nanoTime() + left;
    idle = true;
    while (waiting.isEmpty() && !behind && end == null && left > 0) {
      wait(Math.max(1, left / 1_000_000));
      left = deadline - System.nanoTime();
    }
    idle = false;
    progress = System.nanoTime();
    return Optional.ofNullable(waiting.poll());
  }

  /// Whether entries were left out: they are to be read from the database.
  synchronized boolean isBehind() {
    return behind;
  }

  /// Ends the stream. What waits is dropped: who is no longer allowed gets none of it. The first
  /// reason counts.
  synchronized void end(End why) {
    if (end == null) {
      end = why;
      waiting.clear();
      notifyAll();
    }
  }

  /// Why it is to end; empty while it goes on.
  synchronized Optional<End> ended() {
    return Optional.ofNullable(end);
  }
}
