package com.telconova.local.chaos;

import com.telconova.local.api.Answer;
import com.telconova.local.steps.StepFailed;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Requests at a steady rate, in turn, whatever becomes of them.
final class Traffic implements AutoCloseable {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final List<Request> requests;
  private final int tries;
  private final AtomicInteger turn = new AtomicInteger();
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("traffic").factory());

  /// @param call what to send; its answer
  record Request(String name, Supplier<Answer> call) {}

  /// @param began nanoseconds, as of System.nanoTime
  /// @param status 0 without an answer
  record Outcome(String name, long began, Duration took, int status, String detail) {
    boolean isFailure() {
      return status < 200 || status >= 300;
    }

    @Override
    public String toString() {
      return "%s: %d after %d ms, %s".formatted(name, status, took.toMillis(), detail);
    }
  }

  /// @param tries how often a request is sent that is asked to come again a second later
  Traffic(List<Request> requests, double perSecond, int tries) {
    this.requests = requests;
    this.tries = tries;
    clock.scheduleAtFixedRate(this::next, 0, (long) (1e9 / perSecond), TimeUnit.NANOSECONDS);
  }

  /// What was answered so far.
  List<Outcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /// Sends no more and waits for the last answers.
  List<Outcome> stop() {
    clock.shutdownNow();
    senders.close();
    return outcomes();
  }

  @Override
  public void close() {
    stop();
  }

  private void next() {
    var request = requests.get(turn.getAndIncrement() % requests.size());
    senders.execute(() -> send(request));
  }

  private void send(Request request) {
    long began = System.nanoTime();
    int status = 0;
    String detail;
    try {
      var answer = request.call().get();
      for (int tried = 1; answer.status() == 503 && tried < tries; tried++) {
        LockSupport.parkNanos(RETRY_AFTER.toNanos());
        answer = request.call().get();
      }
      status = answer.status();
      detail = answer.problem();
    } catch (UncheckedIOException | StepFailed e) {
      detail = e + ": " + e.getCause();
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    outcomes.add(new Outcome(request.name(), began, took, status, detail));
  }
}
