package com.telconova.tracking.live;

import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Drainable;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.shared.problem.Failure;
import com.telconova.tracking.live.Subscription.End;
import com.telconova.tracking.participant.OrderFacts;
import com.telconova.tracking.participant.Participants;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/// Tells everybody who follows of what was appended, by whichever process: one poller reads what is
/// new for all of them, at least every 300 ms and at once after an append of our own. Also ends
/// whoever may no longer follow or does not read. Thread-safe.
public final class LiveTimeline implements Drainable, AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration CENSUS = Duration.ofMillis(500);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
  private static final Duration FAREWELL_LIMIT = Duration.ofSeconds(1);
  private static final int MAX_CLIENTS = 12_000;

  private final Clock clock;
  private final Database database;
  private final Participants participants;
  private final Predicate<UUID> sessionEnded;
  private final Duration silence;
  private final LiveRepository entries = new LiveRepository();
  private final Set<Subscription> clients = ConcurrentHashMap.newKeySet();
  private final Map<Feed, Topic> topics = new HashMap<>(); // guarded by itself
  private final Counter ended;
  private final Periodic poller;
  private final Periodic census;
  private volatile boolean stopping;

  /// Those who follow the same feed.
  private static final class Topic {
    final Set<Subscription> followers = new HashSet<>();
    Place place; // up to where everything was offered

    Topic(Place place) {
      this.place = place;
    }
  }

  /// @param sessionEnded whether the session with this id ended before its tokens did
  /// @param heartbeat how often something is written to a client at least
  public LiveTimeline(
      Clock clock,
      Database database,
      Participants participants,
      Predicate<UUID> sessionEnded,
      Duration heartbeat,
      CollectorRegistry registry) {
    this.clock = clock;
    this.database = database;
    this.participants = participants;
    this.sessionEnded = sessionEnded;
    this.silence = heartbeat.minus(CENSUS);
    this.ended =
        Counter.build("sse_ended_total", "Streams that ended, by the reason why.")
            .labelNames("reason")
            .register(registry);
    for (End reason : End.values()) {
      ended.labels(word(reason)); // or the first of each shows no increase
    }
    Gauge.build("sse_clients", "Clients that follow a stream at the moment.")
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return clients.size();
              }
            });
    this.poller = Periodic.start("timeline-poller", POLL, this::poll);
    this.census = Periodic.start("stream-census", CENSUS, this::look);
  }

  /// Says that something was appended. Cheap, callable from any thread.
  public void wake() {
    poller.wake();
  }

  /// Takes a client in; from here on it is ended when it may not stay.
  ///
  /// @throws Failure.Unavailable when there are too many, or the process stops
  void enter(Subscription client) {
    if (stopping || clients.size() >= MAX_CLIENTS) {
      throw new Failure.Unavailable(
          "There are too many streams at the moment; try again shortly.", Duration.ofSeconds(2));
    }
    clients.add(client);
    if (stopping) { // whoever ended the others may not have seen this one
      client.end(End.STOPPING);
    }
  }

  /// Lets a client have what comes from now on.
  ///
  /// @return up to where it has to read for itself: everything later is offered to it
  Place follow(Subscription client) {
    synchronized (topics) {
      Topic topic = topics.computeIfAbsent(client.feed(), _ -> new Topic(client.place()));
      client.listen();
      topic.followers.add(client);
      return topic.place;
    }
  }

  /// Offers a client nothing any more.
  void unfollow(Subscription client) {
    synchronized (topics) {
      Topic topic = topics.get(client.feed());
      if (topic != null) {
        topic.followers.remove(client);
        if (topic.followers.isEmpty()) {
          topics.remove(client.feed());
        }
      }
    }
  }

  /// Forgets a client.
  void leave(Subscription client) {
    unfollow(client);
    if (clients.remove(client)) {
      ended.labels(word(client.ended().orElse(End.PEER_GONE))).inc();
    }
  }

  private static String word(End reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /// Goes on: who is ended now would come back before the load balancer knows better.
  @Override
  public void quiesce() {}

  /// Ends every stream; the clients resume at another instance.
  @Override
  public void drain(Duration limit) {
    stopping = true;
    clients.forEach(client -> client.end(End.STOPPING));
  }

  @Override
  public void close() {
    drain(Duration.ZERO);
    poller.close();
    census.close();
  }

  /// What one look at the database found.
  private record Found(
      List<LiveEntry> ofOrders, List<LiveEntry> ofAll, Map<UUID, OrderFacts> orders) {
    boolean hasMore() {
      return Slice.OF_POLLER.isFull(ofOrders) || Slice.OF_POLLER.isFull(ofAll);
    }
  }

  private void poll() {
    boolean more = true;
    while (more && !stopping) {
      Map<UUID, Topic> orders = new HashMap<>();
      Map<UUID, Place> places = new HashMap<>();
      Topic all = null;
      Place placeInAll = null;
      synchronized (topics) {
        for (Map.Entry<Feed, Topic> topic : topics.entrySet()) {
          switch (topic.getKey()) {
            case Feed.OneOrder(UUID order) -> {
              orders.put(order, topic.getValue());
              places.put(order, topic.getValue().place);
            }
            case Feed.AllOrders _ -> {
              all = topic.getValue();
              placeInAll = all.place;
            }
          }
        }
      }
      if (orders.isEmpty() && all == null) {
        return;
      }
      Place after = placeInAll;
      Found found = database.inBackground(handle -> read(handle, places, after));
      synchronized (topics) {
        for (LiveEntry entry : found.ofOrders()) {
          Topic topic = orders.get(entry.orderId());
          endWhoMayNotSee(topic, found.orders().get(entry.orderId()));
          offer(topic, entry);
        }
        for (LiveEntry entry : found.ofAll()) {
          offer(all, entry);
        }
      }
      more = found.hasMore();
    }
  }

  private Found read(Handle handle, Map<UUID, Place> places, Place inAll) {
    List<LiveEntry> ofOrders =
        places.isEmpty() ? List.of() : entries.after(handle, places, Slice.OF_POLLER);
    List<LiveEntry> ofAll =
        inAll == null
            ? List.of()
            : entries.after(handle, new Feed.AllOrders(), inAll, Slice.OF_POLLER);
    // Read after the entries, and committed with those that tell of a change of hands.
    Set<UUID> touched = new HashSet<>();
    ofOrders.forEach(entry -> touched.add(entry.orderId()));
    return new Found(ofOrders, ofAll, participants.known(handle, touched));
  }

  private static void offer(Topic topic, LiveEntry entry) {
    topic.followers.forEach(client -> client.offer(entry));
    topic.place = entry.place();
  }

  private static void endWhoMayNotSee(Topic topic, OrderFacts order) {
    if (order != null) {
      topic.followers.stream()
          .filter(client -> !Participants.maySee(order, client.caller()))
          .forEach(client -> client.end(End.NOT_YOURS));
    }
  }

  private void look() {
    for (Subscription client : clients) {
      endIfItMayNotStay(client);
      client.beat(silence);
    }
  }

  private void endIfItMayNotStay(Subscription client) {
    if (!clock.instant().isBefore(client.caller().expiresAt())) {
      client.end(End.TOKEN_EXPIRED);
    } else if (sessionEnded.test(client.caller().sessionId())) {
      client.end(End.SESSION_ENDED);
    }
    Duration limit = client.ended().isPresent() ? FAREWELL_LIMIT : WRITE_LIMIT;
    if (client.out().isStuckFor(limit)) {
      client.end(End.TOO_SLOW);
      client.out().cut();
    }
  }
}
