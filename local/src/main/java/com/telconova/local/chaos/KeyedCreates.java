package com.telconova.local.chaos;

import com.telconova.local.api.Answer;
import com.telconova.local.api.Client;
import com.telconova.local.people.Person;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Many orders, created by many clients at once. Each create has its own `Idempotency-Key` and is
/// sent again until it is answered with 201, as a careful client does.
final class KeyedCreates implements AutoCloseable {
  private static final long PAUSE = Duration.ofMillis(100).toNanos();
  private static final int MAX_PAUSES = 10;

  private final Lab lab;
  private final Client api;
  private final Person client;
  private final String title;
  private final int total;
  private final long intervalNanos;
  private final long began = System.nanoTime();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();
  private final AtomicInteger firstTry = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Map<Integer, String> ids = new ConcurrentHashMap<>();
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  private final List<Thread> clients;
  private volatile boolean closed;

  private KeyedCreates(
      Lab lab, Client api, Person client, String title, int total, int clients, double perSecond) {
    this.lab = lab;
    this.api = api;
    this.client = client;
    this.title = title;
    this.total = total;
    this.intervalNanos = perSecond == 0 ? 0 : (long) (1e9 / perSecond);
    lab.token(client);
    this.clients =
        IntStream.range(0, clients)
            .mapToObj(n -> Thread.ofVirtual().name("client-" + n).start(this::work))
            .toList();
  }

  /// Begins, as fast as it goes.
  ///
  /// @param title of all these orders, and part of their keys: new each time
  /// @param clients how many at once
  static KeyedCreates start(Lab lab, Person client, String title, int total, int clients) {
    return new KeyedCreates(lab, lab.api(), client, title, total, clients, 0);
  }

  /// Begins, as fast as it goes, with workorder itself and not the gateway.
  static KeyedCreates direct(Lab lab, Person client, String title, int total, int clients) {
    var workorder = new Client(lab.service("workorder").url());
    return new KeyedCreates(lab, workorder, client, title, total, clients, 0);
  }

  /// Begins, at a steady rate as far as so many clients can keep it.
  static KeyedCreates start(
      Lab lab, Person client, String title, int total, int clients, double perSecond) {
    return new KeyedCreates(lab, lab.api(), client, title, total, clients, perSecond);
  }

  /// How many were answered.
  int done() {
    return ids.size();
  }

  /// The orders.
  List<String> ids() {
    return List.copyOf(ids.values());
  }

  /// How many times something was sent again.
  int retries() {
    return retries.get();
  }

  /// How many were answered at the first try.
  int atFirstTry() {
    return firstTry.get();
  }

  /// How many requests have no answer yet at this moment.
  int inFlight() {
    return inFlight.get();
  }

  /// How many were done, and the answer never came: sent again, they were answered with what had
  /// been done.
  int unanswered() {
    return unanswered.get();
  }

  /// Why things were sent again, and how often.
  Map<String, Integer> refusals() {
    return Map.copyOf(refusals);
  }

  /// Waits until so many are answered.
  ///
  /// @throws StepFailed when one is refused for good
  void awaitDone(int count, Duration patience) {
    Condition.await(
        count + " creates are answered",
        patience,
        this::done,
        done -> done >= count || closed,
        done -> done + " are; " + refusals);
    if (closed) {
      throw new StepFailed("a create was refused: " + refusals);
    }
  }

  /// Waits until all are answered, and looks whether there is exactly one order for each.
  void finish(Duration patience) {
    awaitDone(total, patience);
    close();
    long distinct = ids.values().stream().distinct().count();
    long stored = lab.checker().orders(title);
    if (distinct != total || stored != total) {
      throw new StepFailed(
          "%d creates were answered with %d orders, and %d are stored"
              .formatted(total, distinct, stored));
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (var thread : clients) {
        thread.join();
      }
      if (api != lab.api()) {
        api.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    for (int number = next.getAndIncrement();
        number < total && !closed;
        number = next.getAndIncrement()) {
      long due = began + number * intervalNanos;
      while (intervalNanos > 0 && System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      create(number);
    }
  }

  private void create(int number) {
    for (int tries = 1; !closed; tries++) {
      var id = attempt(number);
      if (id != null) {
        ids.put(number, id);
        firstTry.addAndGet(tries == 1 ? 1 : 0);
        return;
      }
      retries.incrementAndGet();
      long pause = PAUSE * Math.min(tries, MAX_PAUSES);
      LockSupport.parkNanos(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
    }
  }

  private String attempt(int number) {
    inFlight.incrementAndGet();
    try {
      var answer = api.post("/orders", lab.token(client), key(number), Work.order(title, number));
      if (answer.status() == 201) {
        unanswered.addAndGet(answer.replayed() ? 1 : 0);
        return answer.text("/id");
      }
      refused(answer);
    } catch (UncheckedIOException e) {
      refusals.merge(String.valueOf(e.getCause()), 1, Integer::sum);
    } catch (StepFailed e) { // nobody can log in at the moment
      refusals.merge(e.getMessage(), 1, Integer::sum);
    } finally {
      inFlight.decrementAndGet();
    }
    return null;
  }

  private String key(int number) {
    return title.replace(' ', '-') + "-" + number;
  }

  // What else is refused is refused for ever.
  private void refused(Answer answer) {
    if (answer.status() < 500 && answer.status() != 409 && answer.status() != 401) {
      closed = true;
    }
    refusals.merge(answer.status() + " " + answer.problem(), 1, Integer::sum);
  }
}
