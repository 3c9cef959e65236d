package com.telconova.tracking.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Fault;
import com.telconova.tracking.HandClock;
import com.telconova.tracking.MultipartForm;
import com.telconova.tracking.Samples;
import com.telconova.tracking.evidence.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EvidenceFormTest {
  private final HandClock clock = new HandClock(Instant.parse("2026-03-02T13:00:00Z"));
  private final MemoryStore store = new MemoryStore();
  private final Reception reception = new Reception(store, "key", -1);
  private final EvidenceForm form = new EvidenceForm(clock, reception);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void bytes_that_look_like_the_boundary_arrive_unchanged_however_they_are_cut(long seed) {
    Random random = new Random(seed);
    byte[] file = almostBoundaries(random);
    byte[] sent = new MultipartForm().file("a.jpg", file).text("kind", "AFTER").bytes();

    form.read(new Dribble(sent, random), MultipartForm.BOUNDARY);
    Reception.Received received = reception.finish();
    reception.commit();

    assertThat(store.committed("key")).isEqualTo(file);
    assertThat(received.sizeBytes()).isEqualTo(file.length);
    assertThat(received.sha256()).isEqualTo(Samples.sha256(file));
    assertThat(form.kind()).isEqualTo(Evidence.Kind.AFTER);
    assertThat(form.fileName()).isEqualTo("a.jpg");
  }

  @Test
  void every_fault_of_a_form_is_named() {
    byte[] sent =
        new MultipartForm()
            .text("file", "forgot the at sign")
            .text("kind", "AFTER")
            .text("kind", "BEFORE")
            .text("note", "hello")
            .bytes();

    assertThatThrownBy(() -> form.read(in(sent), MultipartForm.BOUNDARY))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            e ->
                assertThat(e.faults())
                    .extracting(Fault::pointer)
                    .containsExactlyInAnyOrder("/file", "/kind", "/note"));
  }

  @Test
  void an_empty_file_is_refused() {
    byte[] sent = new MultipartForm().file("a.txt", new byte[0]).text("kind", "AFTER").bytes();

    assertThatThrownBy(() -> form.read(in(sent), MultipartForm.BOUNDARY))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            e -> assertThat(e.faults()).extracting(Fault::pointer).containsExactly("/file"));
  }

  @Test
  void a_file_in_base64_is_refused() {
    byte[] sent =
        new MultipartForm()
            .part(
                "name=\"file\"; filename=\"a.txt\"",
                "Content-Transfer-Encoding: base64\r\n",
                "aGVsbG8=".getBytes(StandardCharsets.US_ASCII))
            .text("kind", "AFTER")
            .bytes();

    assertThatThrownBy(() -> form.read(in(sent), MultipartForm.BOUNDARY))
        .isInstanceOf(Failure.Invalid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a form at all",
        "--" + MultipartForm.BOUNDARY,
        "--" + MultipartForm.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n",
        "--" + MultipartForm.BOUNDARY + "\r\n:\r\n\r\n\r\n--" + MultipartForm.BOUNDARY + "--\r\n",
      })
  void what_is_no_form_is_refused(String body) {
    byte[] sent = body.getBytes(StandardCharsets.US_ASCII);

    assertThatThrownBy(() -> form.read(in(sent), MultipartForm.BOUNDARY))
        .isInstanceOf(Failure.BadRequest.class);
  }

  @Test
  void endless_part_headers_are_refused() {
    byte[] sent =
        new MultipartForm()
            .part("name=\"kind\"", "X: " + "y".repeat(9_000) + "\r\n", new byte[0])
            .bytes();

    assertThatThrownBy(() -> form.read(in(sent), MultipartForm.BOUNDARY))
        .isInstanceOf(Failure.BadRequest.class);
  }

  @Test
  void a_text_is_one_to_its_end() {
    byte[] file = "a".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    file[99_999] = 0;
    byte[] sent = new MultipartForm().file("a.txt", file).text("kind", "AFTER").bytes();

    assertThatThrownBy(() -> form.read(in(sent), MultipartForm.BOUNDARY))
        .isInstanceOf(Failure.UnsupportedMediaType.class);
    reception.close();

    assertThat(store.open("key", 0, 1)).isEmpty();
    assertThat(store.unfinished()).isZero();
  }

  @Test
  void an_upload_that_dribbles_for_minutes_is_ended() {
    byte[] sent = new MultipartForm().file("a.jpg", Samples.JPEG).text("kind", "AFTER").bytes();
    InputStream slow =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            clock.advance(Duration.ofSeconds(1));
            return at < sent.length ? sent[at++] & 0xff : -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            bytes[offset] = (byte) read();
            return 1;
          }
        };

    assertThatThrownBy(() -> form.read(slow, MultipartForm.BOUNDARY))
        .isInstanceOf(Failure.BadRequest.class)
        .hasMessageContaining("two minutes");
  }

  private static byte[] almostBoundaries(Random random) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(Samples.JPEG);
    String boundary = "\r\n--" + MultipartForm.BOUNDARY;
    for (int i = 0; i < 2_000; i++) {
      int length = random.nextInt(boundary.length());
      file.writeBytes(boundary.substring(0, length).getBytes(StandardCharsets.US_ASCII));
      file.writeBytes(new byte[][] {{'\r'}, {'\n'}, {'-'}, {}, {0}}[random.nextInt(5)]);
    }
    return file.toByteArray();
  }

  private static InputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /// Gives a few bytes at a time, as a network may.
  private static final class Dribble extends InputStream {
    private final InputStream in;
    private final Random random;

    Dribble(byte[] bytes, Random random) {
      this.in = new ByteArrayInputStream(bytes);
      this.random = random;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, Math.min(length, 1 + random.nextInt(60)));
    }
  }
}
