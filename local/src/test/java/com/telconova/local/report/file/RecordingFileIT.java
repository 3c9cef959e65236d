package com.telconova.local.report.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Event;
import jdk.jfr.Name;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingFileIT {

  private static final int STATE_AT = 64;

  @TempDir private Path folder;
  private byte[] whole;

  @Name("test.Mark")
  private static final class Mark extends Event {}

  @BeforeEach
  void record() throws IOException {
    try (var recording = new jdk.jfr.Recording()) {
      recording.enable(Mark.class);
      recording.start();
      new Mark().commit();
      recording.stop();
      var file = folder.resolve("whole.jfr");
      recording.dump(file);
      whole = Files.readAllBytes(file);
    }
  }

  @Test
  void a_whole_recording_is_read_to_its_end() throws IOException {
    var recording = Recording.open(file(whole));

    assertThat(recording.fault()).isEmpty();
    assertThat(recording.parts()).isEqualTo(1);
    assertThat(recording.end()).isGreaterThan(recording.start());
    assertThat(marks(recording)).isEqualTo(1);
  }

  @Test
  void several_parts_are_one_recording() throws IOException {
    var recording = Recording.open(file(whole, whole));

    assertThat(recording.parts()).isEqualTo(2);
    assertThat(marks(recording)).isEqualTo(2);
  }

  @Test
  void of_a_cut_file_the_parts_before_are_read_and_the_fault_is_told() throws IOException {
    var cut = Arrays.copyOf(whole, whole.length / 2);

    var recording = Recording.open(file(whole, cut));

    assertThat(marks(recording)).isEqualTo(1);
    assertThat(recording.fault()).get().asString().startsWith("its last part is incomplete");
  }

  @Test
  void what_follows_the_parts_and_is_none_is_told_and_not_read() throws IOException {
    var recording = Recording.open(file(whole, new byte[500]));

    assertThat(marks(recording)).isEqualTo(1);
    assertThat(recording.fault()).get().asString().contains("is not another one");
  }

  @Test
  void the_part_that_a_killed_process_left_is_read() throws IOException {
    var killed = whole.clone();
    killed[STATE_AT] = 7; // as after the seventh second

    var recording = Recording.open(file(killed));

    assertThat(marks(recording)).isEqualTo(1);
    assertThat(recording.fault()).get().asString().contains("its process was killed");
  }

  @Test
  void what_no_report_can_be_made_of_is_said_in_one_line() throws IOException {
    assertFault(folder.resolve("none.jfr"), "does not exist");
    assertFault(folder, "is a folder");
    assertFault(file(), "it is empty");
    assertFault(
        file(
            "not a recording, but long enough to be one, as far as its length goes, I think"
                .getBytes()),
        "is not a recording");
    assertFault(file("abc".getBytes()), "is not a recording");
    assertFault(file(Arrays.copyOf(whole, 40)), "holds no part that can be read");
    assertFault(file(Arrays.copyOf(whole, whole.length - 1)), "holds no part that can be read");
    var beingWritten = whole.clone();
    beingWritten[STATE_AT] = (byte) 255;
    assertFault(file(beingWritten), "holds no part that can be read");
  }

  private static void assertFault(Path file, String words) {
    assertThatThrownBy(() -> Recording.open(file))
        .isInstanceOf(RecordingFault.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(words)
        .hasMessageNotContaining("\n");
  }

  private static int marks(Recording recording) {
    var marks = new AtomicInteger();
    var ended =
        recording.read(event -> {
          if (event.getEventType().getName().equals("test.Mark")) {
            marks.incrementAndGet();
          }
        });
    assertThat(ended).isEmpty();
    return marks.get();
  }

  private Path file(byte[]... parts) throws IOException {
    var file = Files.createTempFile(folder, "x", ".jfr");
    try (var out = Files.newOutputStream(file)) {
      for (byte[] part : parts) {
        out.write(part);
      }
    }
    return file;
  }
}
