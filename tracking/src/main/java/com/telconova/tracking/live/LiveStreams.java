package com.telconova.tracking.live;

import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.tracking.live.Subscription.End;
import com.telconova.tracking.live.Subscription.Step;
import com.telconova.tracking.participant.Participants;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets clients follow a feed: first what they missed, from the database, then what comes.
public final class LiveStreams {
  private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

  private final Database database;
  private final Participants participants;
  private final LiveTimeline live;
  private final LiveRepository entries = new LiveRepository();

  public LiveStreams(Database database, Participants participants, LiveTimeline live) {
    this.database = database;
    this.participants = participants;
    this.live = live;
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

  /// Begins to write to a client, on the calling thread; further threads go on when there is more.
  /// What the client is to begin with is read before the answer's head is sent: who finds the
  /// database busy is told so, and comes again, in place of a stream that ends as it begins.
  ///
  /// @param lastEventId may be null
  /// @return completed when the stream has ended
  /// @throws Failure.Unavailable before anything is written, when there is no room for a client
  ///   more
  CompletableFuture<Void> serve(
      Feed feed, Principal caller, EventStream out, Place place, UUID lastEventId) {
    var over = new CompletableFuture<Void>();
    var client = new Subscription(feed, caller, out, place, mine -> work(mine, over));
    live.enter(client);
    try {
      if (lastEventId == null) {
        follow(client);
      } else {
        catchUp(client);
      }
      out.open();
    } catch (IOException e) {
      client.end(End.PEER_GONE);
    } catch (RuntimeException | Error e) {
      client.end(End.FAILED);
      if (!out.isOpen()) {
        live.leave(client);
        throw e;
      }
    }
    work(client, over);
    return over;
  }

  /// Does what there is to do for a client. When it leaves, the client rests or is gone.
  private void work(Subscription client, CompletableFuture<Void> over) {
    try {
      boolean goesOn = true;
      while (goesOn) {
        switch (client.step()) {
          case Step.CatchUp _ -> catchUp(client);
          case Step.Write(LiveEntry entry) -> write(client, entry);
          case Step.Heartbeat _ -> client.out().comment("still here");
          case Step.Rest _ -> {
            return;
          }
          case Step.Finish(End why) -> {
            goesOn = false;
            client.out().comment("end: " + words(why));
          }
        }
      }
    } catch (IOException e) {
      client.end(End.PEER_GONE);
    } catch (RuntimeException | Error e) { // the client can only be asked to come again
      log.debug("A stream ends early", e);
      client.end(e instanceof Failure.NotFound ? End.NOT_YOURS : End.FAILED);
    }
    live.leave(client);
    over.complete(null);
  }

  /// What the client missed, until little is left, for much would overflow the queue meanwhile;
  /// from then on it is offered what comes.
  private void catchUp(Subscription client) throws IOException {
    live.unfollow(client);
    while (client.ended().isEmpty() && Slice.OF_CLIENT.isFull(page(client))) {}
    follow(client);
  }

  /// Has the client offered what comes, and reads what came before the first offer.
  private void follow(Subscription client) throws IOException {
    Place offeredFrom = live.follow(client);
    // Hands may have changed since the first look; from here on the poller sees to it.
    requireAllowed(client.feed(), client.caller());
    while (offeredFrom.isAfter(client.place()) && !page(client).isEmpty()) {}
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

  private static String words(End reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
