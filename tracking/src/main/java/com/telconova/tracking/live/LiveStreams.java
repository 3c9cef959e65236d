package com.telconova.tracking.live;

import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.tracking.live.Subscription.End;
import com.telconova.tracking.participant.Participants;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets clients follow a feed: first what they missed, from the database, then what comes.
public final class LiveStreams {
  private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

  private final Database database;
  private final Participants participants;
  private final LiveTimeline live;
  private final Duration heartbeat;
  private final LiveRepository entries = new LiveRepository();

  /// @param heartbeat how often something is written when nothing happens
  public LiveStreams(
      Database database, Participants participants, LiveTimeline live, Duration heartbeat) {
    this.database = database;
    this.participants = participants;
    this.live = live;
    this.heartbeat = heartbeat;
  }

  /// Where a client begins: behind the last entry it has, or else with what comes from now on.
  ///
  /// @param lastEventId may be null
  /// @throws Failure.NotFound when the caller may not see the order
  /// @throws Failure.BadRequest when the feed has no such entry
  Place begin(Feed feed, Principal caller, UUID lastEventId) {
    requireAllowed(feed, caller);
    return database.read(handle ->
        lastEventId == null
            ? entries.newest(handle, feed)
            : entries
                .find(handle, feed, lastEventId)
                .orElseThrow(() ->
                    new Failure.BadRequest(
                        "Last-Event-ID takes the id of an event of this stream.")));
  }

  /// Writes until the stream has to end, on the calling thread.
  ///
  /// @throws Failure.Unavailable before anything is written, when there is no room for a client
  ///   more
  void serve(Subscription client) {
    live.enter(client);
    try {
      client.out().comment("open");
      while (client.ended().isEmpty()) {
        replay(client);
        follow(client);
      }
      client.out().comment("end: " + reason(client));
    } catch (IOException e) {
      client.end(End.PEER_GONE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      client.end(End.STOPPING);
    } catch (RuntimeException e) { // the head is sent: the client can only be asked to come again
      log.debug("A stream ends early", e);
      client.end(e instanceof Failure.NotFound ? End.NOT_YOURS : End.FAILED);
    } finally {
      live.leave(client);
    }
  }

  /// What the client missed, until little is left: much would overflow the queue meanwhile.
  private void replay(Subscription client) throws IOException {
    while (client.ended().isEmpty() && Slice.OF_CLIENT.isFull(page(client))) {}
  }

  /// What comes, until the stream has to end or so much came at once that some was left out.
  private void follow(Subscription client) throws IOException, InterruptedException {
    Place offeredFrom = live.follow(client);
    try {
      // Hands may have changed since the first look; from here on the poller sees to it.
      requireAllowed(client.feed(), client.caller());
      while (offeredFrom.isAfter(client.place()) && !page(client).isEmpty()) {}
      while (client.ended().isEmpty() && !client.isBehind()) {
        Optional<LiveEntry> entry = client.next(heartbeat);
        if (entry.isPresent()) {
          write(client, entry.get());
        } else if (client.ended().isEmpty() && !client.isBehind()) {
          client.out().comment("still here");
        }
      }
    } finally {
      live.unfollow(client);
    }
  }

  /// Writes the next few.
  ///
  /// @return what was read; nothing when the stream has to end
  private List<LiveEntry> page(Subscription client) throws IOException {
    List<LiveEntry> page =
        database.read(
            handle -> entries.after(handle, client.feed(), client.place(), Slice.OF_CLIENT));
    for (LiveEntry entry : page) {
      if (client.ended().isPresent()) {
        return List.of();
      }
      write(client, entry);
    }
    return page;
  }

  /// What was read from the database may be offered by the poller as well.
  private static void write(Subscription client, LiveEntry entry) throws IOException {
    if (entry.place().isAfter(client.place())) {
      client.out().send(entry.frame());
      client.wrote(entry.place());
    }
  }

  private void requireAllowed(Feed feed, Principal caller) {
    switch (feed) {
      case Feed.OneOrder(UUID order) -> participants.require(order, caller);
      case Feed.AllOrders _ -> {} // the route's roles say it all
    }
  }

  private static String reason(Subscription client) {
    return client.ended().orElse(End.FAILED).name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
