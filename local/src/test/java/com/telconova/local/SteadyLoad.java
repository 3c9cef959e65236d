package com.telconova.local;

import static org.awaitility.Awaitility.await;

import com.telconova.local.api.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Requests at a steady rate, whatever the answers: a slow one delays no other, up to a bound. An
/// answer that the machine is too busy is taken as a client would: it asks again.
final class SteadyLoad implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofMillis(80);
  private static final int IN_FLIGHT = 60;

  private final List<Request> requests;
  private final AtomicInteger turn = new AtomicInteger();
  private final Semaphore free = new Semaphore(IN_FLIGHT);
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  /// @param status what the answer must have
  record Request(String name, int status, Supplier<Answer> call) {}

  /// @param fault empty when all was well
  record Outcome(String name, Instant began, Instant ended, String fault) {
    boolean isFailure() {
      return !fault.isEmpty();
    }
  }

  /// Begins to send these in turn.
  SteadyLoad(List<Request> requests) {
    this.requests = requests;
    clock.scheduleAtFixedRate(this::next, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Waits until this many were answered.
  void awaitOutcomes(int count) {
    await().atMost(Duration.ofSeconds(60)).until(() -> outcomes.size() >= count);
  }

  /// Sends no more and waits for the last answers.
  List<Outcome> stop() {
    clock.shutdownNow();
    senders.close();
    return List.copyOf(outcomes);
  }

  @Override
  public void close() {
    stop();
  }

  private void next() {
    var request = requests.get(turn.getAndIncrement() % requests.size());
    var began = Instant.now();
    if (!free.tryAcquire()) {
      outcomes.add(new Outcome(request.name(), began, began, "too many without an answer"));
      return;
    }
    senders.execute(() -> {
      var fault = fault(request);
      outcomes.add(new Outcome(request.name(), began, Instant.now(), fault));
      free.release();
    });
  }

  // Six JVMs on two cores that others use too: this tells of them, not of whoever stopped.
  private static boolean isBusy(Answer answer) {
    var detail = answer.body().path("detail").asText();
    return answer.status() == 503
        && (detail.startsWith("Too much work") || detail.startsWith("The database cannot answer"));
  }

  private static String fault(Request request) {
    try {
      var answer = request.call().get();
      for (int tries = 1; isBusy(answer) && tries < 10; tries++) {
        TimeUnit.SECONDS.sleep(1);
        answer = request.call().get();
      }
      return answer.status() == request.status() ? "" : answer.status() + " " + answer.problem();
    } catch (RuntimeException e) {
      return e + ": " + e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
