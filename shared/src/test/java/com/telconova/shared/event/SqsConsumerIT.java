package com.telconova.shared.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.trace.Trace;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

final class SqsConsumerIT {
  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final SqsConsumer.Pace EAGER =
      new SqsConsumer.Pace(
          Duration.ofSeconds(90), Duration.ZERO, Duration.ZERO, Duration.ofMillis(50));

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Queue<Event> handled = new ConcurrentLinkedQueue<>();
  private final UUID subject = UUID.randomUUID();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private TestQueue queue;
  private SqsConsumer consumer;

  @BeforeEach
  void open() {
    queue = new TestQueue();
  }

  @AfterEach
  void close() {
    goOn.countDown();
    queue.fault = _ -> {};
    consumer.close();
    queue.close();
  }

  private void consume(
      int concurrency, Duration visibility, SqsConsumer.Pace pace, Consumer<Event> handler) {
    consumer =
        new SqsConsumer(queue.config(concurrency, visibility), pace, queue, handler, registry);
    consumer.start();
  }

  private void consume(int concurrency, Consumer<Event> handler) {
    consume(concurrency, MINUTE, EAGER, handler);
  }

  @Test
  void subjects_are_handled_side_by_side_and_each_in_its_order() {
    List<UUID> subjects = List.of(new UUID(0, 1), new UUID(0, 2), new UUID(0, 3), new UUID(0, 4));
    for (long sequence = 1; sequence <= 15; sequence++) {
      for (UUID one : subjects) {
        queue.send(TestQueue.event(one, sequence));
      }
    }
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Map<UUID, List<Long>> sequences = new ConcurrentHashMap<>();

    consume(
        10,
        event -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          pause(5);
          sequences.computeIfAbsent(event.subject(), _ -> new ArrayList<>()).add(event.sequence());
          running.decrementAndGet();
        });

    await().untilAsserted(() -> assertThat(queue.size()).isZero());
    assertThat(sequences).hasSize(4);
    sequences.values().forEach(each -> assertThat(each).hasSize(15).isSorted());
    System.out.println("handlers at the same time: " + most + " of 4 subjects");
    assertThat(most).hasValueBetween(2, 4);
    assertThat(sample("sqs_handled_total", "done")).isEqualTo(60.0);
  }

  @Test
  void never_more_are_held_than_can_be_handled() {
    for (int i = 0; i < 30; i++) {
      queue.send(TestQueue.event(UUID.randomUUID(), 1));
    }
    AtomicInteger running = new AtomicInteger();
    consume(
        4,
        _ -> {
          running.incrementAndGet();
          awaitQuietly(goOn);
        });

    await().untilAsserted(() -> assertThat(running).hasValue(4));
    assertThat(registry.getSampleValue("sqs_received_total")).isEqualTo(4.0);
    assertThat(queue.receive()).isNotEmpty();
  }

  @Test
  void pollers_are_platform_threads_named_after_the_queue() {
    consume(4, handled::add);

    String name = queue.url.substring(queue.url.lastIndexOf('/') + 1) + "-0";
    assertThat(Thread.getAllStackTraces().keySet())
        .anyMatch(thread -> thread.getName().equals(name) && !thread.isVirtual());
  }

  @Test
  void while_what_handlers_need_is_away_nothing_is_received() {
    AtomicInteger asked = new AtomicInteger();
    AtomicBoolean away = new AtomicBoolean(true);
    queue.send(TestQueue.event(subject, 1));
    consumer =
        new SqsConsumer(
                queue.config(10, MINUTE),
                EAGER,
                queue,
                event -> {
                  if (away.get()) {
                    throw new IllegalStateException("a test's own");
                  }
                  handled.add(event);
                },
                registry)
            .require(() -> {
              asked.incrementAndGet();
              return away.get() ? Optional.of("away") : Optional.empty();
            });
    consumer.start();

    await().untilAsserted(() -> assertThat(asked).hasValueGreaterThan(20));
    assertThat(registry.getSampleValue("sqs_received_total")).isBetween(1.0, 2.0);
    away.set(false);

    await().untilAsserted(() -> assertThat(handled).hasSize(1));
    await().untilAsserted(() -> assertThat(queue.size()).isZero());
  }

  @Test
  void what_always_fails_is_tried_five_times_and_then_a_dead_letter() {
    queue.send(TestQueue.event(subject, 1));

    consume(
        10,
        event -> {
          handled.add(event);
          throw new IllegalStateException("a test's own");
        });

    await().untilAsserted(() -> assertThat(queue.dead()).isEqualTo(1));
    assertThat(handled).hasSize(5);
    assertThat(queue.size()).isZero();
    assertThat(sample("sqs_handled_total", "failed")).isEqualTo(5.0);
  }

  @Test
  void what_cannot_be_read_becomes_a_dead_letter_and_holds_up_nobody() {
    for (String body : List.of("hello", "{}", "[1", "null")) {
      queue.send(body);
    }
    queue.send(TestQueue.event(subject, 1));

    consume(10, handled::add);

    await().untilAsserted(() -> assertThat(queue.dead()).isEqualTo(4));
    assertThat(handled).hasSize(1);
    assertThat(queue.size()).isZero();
  }

  @Test
  void a_failed_message_rests_before_it_comes_again() {
    queue.send(TestQueue.event(subject, 1));

    consume(
        10,
        MINUTE,
        SqsConsumer.Pace.of(Duration.ofSeconds(5)),
        event -> {
          handled.add(event);
          throw new IllegalStateException("a test's own");
        });

    await().untilAsserted(() -> assertThat(sample("sqs_handled_total", "failed")).isEqualTo(1.0));
    assertThat(queue.receive()).isEmpty();
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void how_long_it_rests_is_a_setting() {
    queue.send(TestQueue.event(subject, 1));
    EventConfig patient = queue.config(10, MINUTE);
    EventConfig impatient =
        new EventConfig(
            patient.topicArn(),
            patient.lease(),
            patient.queueUrl(),
            patient.pollers(),
            patient.pollWait(),
            patient.visibility(),
            Duration.ZERO,
            patient.concurrency());

    consumer =
        new SqsConsumer(
            impatient,
            queue,
            event -> {
              handled.add(event);
              throw new IllegalStateException("a test's own");
            },
            registry);
    consumer.start();

    await().untilAsserted(() -> assertThat(queue.dead()).isEqualTo(1));
    assertThat(handled).hasSize(5);
  }

  @Test
  void a_slow_handler_keeps_its_message_and_runs_once() {
    queue.send(TestQueue.event(subject, 1));

    consume(
        10,
        Duration.ofSeconds(1),
        EAGER,
        event -> {
          handled.add(event);
          pause(1_700);
        });

    await().untilAsserted(() -> assertThat(queue.size()).isZero());
    assertThat(handled).hasSize(1);
  }

  @Test
  void what_waits_for_its_turn_is_kept_too() {
    queue.send(TestQueue.event(subject, 1));
    queue.send(TestQueue.event(subject, 2));

    consume(
        10,
        Duration.ofSeconds(1),
        EAGER,
        event -> {
          handled.add(event);
          pause(1_100);
        });

    await().untilAsserted(() -> assertThat(queue.size()).isZero());
    assertThat(handled).extracting(Event::sequence).containsExactly(1L, 2L);
  }

  @Test
  void a_handler_past_its_deadline_is_interrupted_and_its_successor_is_not() {
    queue.send(TestQueue.event(subject, 1));
    queue.send(TestQueue.event(subject, 2));
    AtomicInteger interrupted = new AtomicInteger();
    SqsConsumer.Pace impatient =
        new SqsConsumer.Pace(
            Duration.ofMillis(300),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1));

    consume(
        10,
        Duration.ofSeconds(1),
        impatient,
        event -> {
          if (event.sequence() == 1) {
            if (!pause(10_000)) {
              interrupted.incrementAndGet();
            }
            throw new IllegalStateException("a test's own");
          }
          if (pause(100)) {
            handled.add(event);
          }
        });

    await().untilAsserted(() -> assertThat(handled).hasSize(1));
    assertThat(interrupted).hasValue(1);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void the_trace_of_the_cause_goes_on_in_the_handler() {
    queue.send(TestQueue.event(subject, 1));
    Queue<String> traces = new ConcurrentLinkedQueue<>();

    consume(10, _ -> traces.add(Trace.current().orElseThrow().traceId()));

    await().untilAsserted(() -> assertThat(traces).containsExactly("a".repeat(32)));
  }

  @Test
  void a_stop_finishes_what_was_begun_and_gives_back_the_rest_at_once() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    for (long sequence = 1; sequence <= 3; sequence++) {
      queue.send(TestQueue.event(new UUID(0, 1), sequence));
      queue.send(TestQueue.event(new UUID(0, 2), sequence));
    }
    consume(
        10,
        event -> {
          begun.countDown();
          awaitQuietly(goOn);
          handled.add(event);
        });
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    await()
        .untilAsserted(
            () -> assertThat(registry.getSampleValue("sqs_received_total")).isEqualTo(6.0));

    consumer.quiesce();
    Thread.startVirtualThread(() -> {
      pause(200);
      goOn.countDown();
    });
    long millis = drain(Duration.ofSeconds(10));

    assertThat(handled).extracting(Event::sequence).containsExactly(1L, 1L);
    assertThat(millis).isLessThan(3_000);
    assertThat(queue.receive()).hasSize(4);
    assertThat(queue.size()).isEqualTo(4);
    assertThat(queue.dead()).isZero();
  }

  @Test
  void a_stop_does_not_wait_beyond_its_limit_and_gives_back_what_is_not_finished() {
    queue.send(TestQueue.event(subject, 1));
    AtomicInteger interrupted = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    consume(
        10,
        _ -> {
          begun.countDown();
          if (!pause(10_000)) {
            interrupted.incrementAndGet();
            throw new IllegalStateException("a test's own");
          }
        });
    awaitQuietly(begun);

    long millis = drain(Duration.ofMillis(1_500));

    assertThat(millis).isLessThan(3_500);
    await().untilAsserted(() -> assertThat(interrupted).hasValue(1));
    assertThat(queue.receive()).hasSize(1);
  }

  @Test
  void polling_goes_on_after_whatever_it_ran_into() {
    AtomicInteger failures = new AtomicInteger();
    queue.fault =
        request -> {
          if (request instanceof ReceiveMessageRequest) {
            switch (failures.incrementAndGet()) {
              case 1 -> throw SdkClientException.create("cut");
              case 2 -> throw new IllegalStateException("pool shut down");
              default -> {}
            }
          }
        };
    queue.send(TestQueue.event(subject, 1));

    consume(10, handled::add);

    await().untilAsserted(() -> assertThat(handled).hasSize(1));
    assertThat(failures.get()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void a_stop_does_not_wait_for_the_pause_after_a_failed_poll() {
    queue.fault =
        _ -> {
          throw SdkClientException.create("cut");
        };
    consume(10, MINUTE, SqsConsumer.Pace.of(Duration.ofSeconds(5)), handled::add);
    pause(200); // well into a pause of a second

    assertThat(drain(Duration.ofSeconds(10))).isLessThan(500);
  }

  @Test
  void a_message_whose_deletion_fails_comes_again_and_is_not_lost() {
    AtomicInteger deletions = new AtomicInteger();
    queue.fault =
        request -> {
          if (request instanceof DeleteMessageBatchRequest && deletions.incrementAndGet() == 1) {
            throw SdkClientException.create("cut");
          }
        };
    queue.send(TestQueue.event(subject, 1));

    consume(10, Duration.ofSeconds(1), EAGER, handled::add);

    await().untilAsserted(() -> assertThat(queue.size()).isZero());
    assertThat(handled).hasSize(2);
    assertThat(handled.stream().map(Event::id).distinct()).hasSize(1);
  }

  @Test
  void slots_are_given_back_whatever_happens() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    queue.fault =
        request -> {
          if (request instanceof ChangeMessageVisibilityRequest) {
            throw SdkClientException.create("cut");
          }
        };
    for (int i = 0; i < 60; i++) {
      switch (i % 4) {
        case 0 -> queue.send("unreadable");
        default -> queue.send(TestQueue.event(new UUID(i % 4, i % 7), 1));
      }
    }
    consume(
        5,
        event -> {
          handled.add(event);
          switch ((int) event.subject().getMostSignificantBits()) {
            case 1 -> throw new IllegalStateException("a test's own");
            case 2 -> throw new StackOverflowError("a test's own");
            case 3 -> {}
            default -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              awaitQuietly(goOn);
            }
          }
        });
    await().untilAsserted(() -> assertThat(handled).hasSize(45));

    for (int i = 0; i < 10; i++) {
      queue.send(TestQueue.event(new UUID(9, i), 1));
    }

    await().untilAsserted(() -> assertThat(most).hasValue(5));
  }

  private long drain(Duration limit) {
    long start = System.nanoTime();
    consumer.drain(limit);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private Double sample(String name, String outcome) {
    return registry.getSampleValue(
        name, new String[] {"type", "outcome"}, new String[] {"test.happened", outcome});
  }

  /// False when interrupted.
  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
