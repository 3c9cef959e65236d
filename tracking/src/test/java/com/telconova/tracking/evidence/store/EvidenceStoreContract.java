package com.telconova.tracking.evidence.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every store does, whatever it stores in.
abstract class EvidenceStoreContract {
  private static final int MIB = 1024 * 1024;

  final String key = UUID.randomUUID() + "/" + UUID.randomUUID();

  abstract EvidenceStore store();

  @ParameterizedTest
  @ValueSource(ints = {1, 70_000, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 9 * MIB})
  void what_was_written_in_pieces_comes_back_whole(int size) {
    byte[] bytes = bytes(size);

    write(key, bytes, 9 * MIB);

    assertThat(read(key)).hasValue(bytes);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 70000", "1, 69998", "16000, 16001", "69999, 1", "69999, 100", "5, 80000"})
  void any_part_of_it_can_be_had_alone(int offset, int length) {
    byte[] bytes = bytes(70_000);
    write(key, bytes, bytes.length);

    assertThat(read(key, offset, length))
        .hasValue(Arrays.copyOfRange(bytes, offset, Math.min(70_000, offset + length)));
  }

  @Test
  void whoever_reads_only_the_beginning_may_go_away() throws IOException {
    byte[] bytes = bytes(MIB);
    write(key, bytes, bytes.length);

    for (int i = 0; i < 60; i++) {
      try (InputStream in = store().open(key, 0, MIB).orElseThrow()) {
        assertThat(in.read()).isEqualTo(bytes[0] & 0xff);
      }
    }

    assertThat(read(key)).hasValue(bytes);
  }

  @Test
  void an_announced_length_may_be_used_up_to_its_last_byte() {
    byte[] bytes = bytes(300_000);

    write(key, bytes, bytes.length);

    assertThat(read(key)).hasValue(bytes);
  }

  @Test
  void an_object_is_not_there_before_it_is_committed() {
    try (EvidenceStore.Upload upload = store().begin(key, 9 * MIB)) {
      byte[] bytes = bytes(6 * MIB);
      upload.write(bytes, 0, bytes.length);

      assertThat(read(key)).isEmpty();
    }
  }

  @Test
  void what_is_not_committed_leaves_nothing() {
    try (EvidenceStore.Upload upload = store().begin(key, 9 * MIB)) {
      byte[] bytes = bytes(6 * MIB);
      upload.write(bytes, 0, bytes.length);
    }

    assertThat(read(key)).isEmpty();
    assertNothingUnfinished();
  }

  @Test
  void an_object_can_be_removed_and_removed_again() {
    write(key, bytes(100), 100);

    store().delete(key);
    store().delete(key);

    assertThat(read(key)).isEmpty();
  }

  @Test
  void what_was_never_written_is_not_there() {
    assertThat(read(key)).isEmpty();
  }

  @Test
  void many_can_write_at_once() throws Exception {
    byte[] bytes = bytes(6 * MIB);
    List<Callable<Boolean>> uploads =
        IntStream.range(0, 12)
            .<Callable<Boolean>>mapToObj(n ->
                () -> {
                  write(key + n, bytes, 9 * MIB);
                  return Arrays.equals(bytes, read(key + n).orElseThrow());
                })
            .toList();

    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(pool.invokeAll(uploads)).extracting(Future::get).containsOnly(true);
    }
    assertNothingUnfinished();
  }

  /// Fails when an upload that ended without a commit still takes space.
  abstract void assertNothingUnfinished();

  final void write(String name, byte[] bytes, long maxBytes) {
    try (EvidenceStore.Upload upload = store().begin(name, maxBytes)) {
      for (int at = 0; at < bytes.length; at += 16_000) {
        upload.write(bytes, at, Math.min(16_000, bytes.length - at));
      }
      upload.commit();
    }
  }

  final Optional<byte[]> read(String name) {
    return read(name, 0, 64 * MIB);
  }

  final Optional<byte[]> read(String name, long offset, long length) {
    return store()
        .open(name, offset, length)
        .map(in -> {
          try (InputStream stream = in) {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
