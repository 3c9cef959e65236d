package com.telconova.tracking.live;

import com.telconova.shared.token.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/// One client that follows a feed: what waits to be written to it, and why it is to end. The poller
/// offers; a thread of the client's own takes, and nobody else ever waits for the client. There is
/// such a thread only while there is something to do: ten thousand that wait for news would keep
/// the stacks of ten thousand threads.
final class Subscription {
  /// How many entries may wait for a client.
  static final int CAPACITY = 64;

  private static final Duration BURST = Duration.ofSeconds(1);

  private final Feed feed;
  private final Principal caller;
  private final EventStream out;
  private final Consumer<Subscription> worker;
  private final Deque<LiveEntry> waiting = new ArrayDeque<>(1);
  private Place place;
  private long progress; // System.nanoTime(), when its thread last came for more
  private boolean working = true; // whether it has a thread: at first the one that made it
  private boolean behind = true; // until it begins to take offers
  private boolean silent;
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

  /// What is to be done for a client next.
  sealed interface Step {
    /// Entries were left out: they are to be read from the database.
    record CatchUp() implements Step {}

    record Write(LiveEntry entry) implements Step {}

    /// Nothing was written for long.
    record Heartbeat() implements Step {}

    /// Nothing. The client's thread must leave it: the next one may be at work already.
    record Rest() implements Step {}

    record Finish(End why) implements Step {}
  }

  /// Has a thread, the caller's, which is to ask for its first [#step].
  ///
  /// @param place the last entry that the client has
  /// @param worker does what there is to do, on a thread of its own, until it is to rest
  Subscription(
      Feed feed, Principal caller, EventStream out, Place place, Consumer<Subscription> worker) {
    this.feed = feed;
    this.caller = caller;
    this.out = out;
    this.place = place;
    this.worker = worker;
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
      progress = working ? progress : now;
      if (!behind && waiting.size() < CAPACITY) {
        waiting.add(entry);
        work();
        return;
      }
      if (now - progress < BURST.toNanos()) {
        behind = true;
        waiting.clear();
        work();
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

  /// Has something written if nothing was for so long.
  void beat(Duration silence) {
    if (out.isSilentFor(silence)) {
      synchronized (this) {
        silent = true;
        work();
      }
    }
  }

  /// What the calling thread, which is the client's, is to do now.
  synchronized Step step() {
    progress = System.nanoTime();
    if (end != null) {
      return new Step.Finish(end);
    }
    if (behind) {
      return new Step.CatchUp();
    }
    LiveEntry entry = waiting.poll();
    boolean beat = silent;
    silent = false;
    if (entry != null) {
      return new Step.Write(entry);
    }
    working = beat;
    return beat ? new Step.Heartbeat() : new Step.Rest();
  }

  /// Ends the stream. What waits is dropped: who is no longer allowed gets none of it. The first
  /// reason counts.
  synchronized void end(End why) {
    if (end == null) {
      end = why;
      waiting.clear();
      work();
    }
  }

  /// Why it is to end; empty while it goes on.
  synchronized Optional<End> ended() {
    return Optional.ofNullable(end);
  }

  /// Begins a thread unless there is one.
  private void work() {
    if (!working) {
      working = true;
      Thread.ofVirtual().name("stream").start(() -> worker.accept(this));
    }
  }
}
