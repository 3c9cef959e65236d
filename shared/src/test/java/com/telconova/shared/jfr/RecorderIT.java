package com.telconova.shared.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.telconova.shared.problem.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class RecorderIT {
  private static final JfrConfig ON = new JfrConfig(true, 3, Duration.ofSeconds(77));
  private static final JfrConfig OFF = new JfrConfig(false, 3, Duration.ofSeconds(77));
  private static final long GIBIBYTE = 1024 * 1024 * 1024;

  private final AtomicLong free = new AtomicLong(GIBIBYTE);
  private final AtomicLong descriptors = new AtomicLong(1_000);
  private final AtomicInteger periodic = new AtomicInteger();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @TempDir private Path folder;

  @Name("test.Mark")
  private static final class Mark extends Event {
    private final String text;

    private Mark(String text) {
      this.text = text;
    }
  }

  @BeforeEach
  void listen() {
    logged.start();
    logger().addAppender(logged);
  }

  @AfterEach
  void nothing_is_left() {
    logger().detachAppender(logged);
    assertThat(ours()).isEmpty();
    assertThat(periodic).hasValue(0);
  }

  @Test
  void a_recording_bounded_in_size_and_age_is_there_until_it_is_closed() throws Exception {
    try (Recorder recorder = recorder(ON)) {
      new Mark("in the ring").commit();

      assertThat(ours())
          .singleElement()
          .satisfies(ring -> {
            assertThat(ring.getName()).isEqualTo("test");
            assertThat(ring.getMaxSize()).isEqualTo(3 * 1024 * 1024);
            assertThat(ring.getMaxAge()).isEqualTo(Duration.ofSeconds(77));
            assertThat(ring.getSettings()).isEqualTo(SettingsFile.read());
          });
      assertThat(marks(recorder.ring())).contains("in the ring");
      assertThat(marks(recorder.ring())).contains("in the ring");
      assertThat(ours()).hasSize(1);
      assertThat(periodic).hasValue(1);
    }
  }

  @Test
  void switched_off_nothing_is_recorded_until_somebody_asks() throws Exception {
    try (Recorder recorder = recorder(OFF)) {
      assertThat(ours()).isEmpty();
      assertThat(periodic).hasValue(0);
      assertThatThrownBy(recorder::ring)
          .isInstanceOf(Failure.NotFound.class)
          .hasMessageContaining("JFR_RECORDING is off");

      new Mark("before").commit();
      InputStream next =
          recorder.next(
              Duration.ofMillis(300),
              () -> {
                new Mark("meanwhile").commit();
                return false;
              });

      assertThat(marks(next))
          .contains("meanwhile")
          .doesNotContain("before")
          .startsWith("told")
          .endsWith("told");
      assertThat(ours()).isEmpty();
    }
  }

  @Test
  void one_at_a_time_is_taken_and_whoever_leaves_makes_room() throws Exception {
    try (Recorder recorder = recorder(ON)) {
      var begun = new CountDownLatch(1);
      var left = new CountDownLatch(1);
      var ended = new CountDownLatch(1);
      Thread.startVirtualThread(() -> {
        assertThatThrownBy(() ->
                recorder.next(
                    Duration.ofMinutes(5),
                    () -> {
                      begun.countDown();
                      return left.getCount() == 0;
                    }))
            .isInstanceOf(InterruptedException.class);
        ended.countDown();
      });
      begun.await();

      assertThatThrownBy(() -> recorder.next(Duration.ofSeconds(1), () -> false))
          .isInstanceOf(Failure.Conflict.class)
          .hasMessageMatching("Another recording is being taken; it ends in (29\\d|300) s\\.");
      assertThatCode(() -> recorder.ring().close()).doesNotThrowAnyException();

      left.countDown();
      ended.await();
      recorder.next(Duration.ofMillis(10), () -> false).close();
    }
  }

  @Test
  void where_the_disk_is_full_nothing_is_recorded_and_it_is_said_once() {
    free.set(Space.RESERVE - 1);

    try (Recorder recorder = recorder(ON)) {
      assertThat(ours()).isEmpty();
      assertThatThrownBy(recorder::ring).isInstanceOf(Failure.NotFound.class);
      assertThatThrownBy(() -> recorder.next(Duration.ofSeconds(1), () -> false))
          .isInstanceOf(Failure.InsufficientStorage.class)
          .hasMessageContaining("31 MiB are free");
    }

    assertThat(logged.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .contains("No recording is kept", "JFR_RECORDING=off");
  }

  @Test
  void a_recording_ends_before_the_disk_is_full() throws Exception {
    try (Recorder recorder = recorder(ON)) {
      InputStream next =
          recorder.next(
              Duration.ofMinutes(5),
              () -> {
                free.set(Space.RESERVE - 1);
                return false;
              });
      next.close();

      await().atMost(Duration.ofSeconds(10)).until(() -> ours().isEmpty());
      assertThatThrownBy(recorder::ring).hasMessageContaining("MiB stay free");
    }
    assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).hasSize(2);
  }

  @Test
  void a_recording_ends_before_the_process_may_open_no_more_files() {
    try (Recorder recorder = recorder(ON)) {
      descriptors.set(63);

      await().atMost(Duration.ofSeconds(10)).until(() -> ours().isEmpty());
      assertThatThrownBy(recorder::ring).hasMessageContaining("Only 63 descriptors are left");
    }
  }

  private Recorder recorder(JfrConfig config) {
    return Recorder.start(
        "test",
        config,
        new Space(free::get, descriptors::get),
        service -> {
          periodic.incrementAndGet();
          return new Recorder.Teller() {
            @Override
            public void tell() {
              new Mark("told").commit();
            }

            @Override
            public void close() {
              periodic.decrementAndGet();
            }
          };
        });
  }

  private static List<Recording> ours() {
    return FlightRecorder.getFlightRecorder().getRecordings().stream()
        .filter(recording -> recording.getName().startsWith("test"))
        .toList();
  }

  private List<String> marks(InputStream recording) throws IOException {
    Path file = folder.resolve("x.jfr");
    try (recording) {
      Files.write(file, recording.readAllBytes());
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("test.Mark"))
        .map(event -> event.getString("text"))
        .toList();
  }

  private static ch.qos.logback.classic.Logger logger() {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Recorder.class);
  }
}
