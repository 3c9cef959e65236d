package com.telconova.tracking.evidence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.problem.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class FileEvidenceStoreIT extends EvidenceStoreContract {
  @TempDir private Path folder;
  private FileEvidenceStore store;

  @BeforeEach
  void open() {
    store = FileEvidenceStore.open(folder.resolve("evidence"));
  }

  @Override
  EvidenceStore store() {
    return store;
  }

  @Override
  void assertNothingUnfinished() {
    assertThat(folder.resolve("evidence/.incoming")).isEmptyDirectory();
  }

  @Test
  void a_key_that_leads_out_of_the_directory_is_refused() {
    assertThatThrownBy(() -> store.begin("../outside", 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.open(".incoming/x", 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_directory_that_cannot_be_had_keeps_the_service_from_starting() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a directory");

    assertThatThrownBy(() -> FileEvidenceStore.open(file.resolve("evidence")))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("EVIDENCE_DIRECTORY");
  }

  @Test
  void a_disk_that_fails_while_writing_is_an_outage_and_leaves_nothing() throws IOException {
    try (EvidenceStore.Upload upload = store.begin(key, 100)) {
      upload.write(bytes(100), 0, 100);
      // Where the order's folder would come lies something else: committing must fail.
      Files.writeString(folder.resolve("evidence").resolve(key).getParent(), "in the way");

      assertThatThrownBy(upload::commit).isInstanceOf(Failure.Unavailable.class);
    }

    assertNothingUnfinished();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_full_disk_is_told_apart_from_an_outage() {
    assertThatThrownBy(() -> Files.writeString(Path.of("/dev/full"), "x"))
        .isInstanceOfSatisfying(
            IOException.class,
            full ->
                assertThat(FileEvidenceStore.failure(full))
                    .isInstanceOf(Failure.InsufficientStorage.class));
    assertThat(FileEvidenceStore.failure(new IOException("Input/output error")))
        .isInstanceOf(Failure.Unavailable.class);
  }

  @Test
  void what_a_crash_left_long_ago_is_removed_and_what_others_write_now_is_spared()
      throws IOException {
    Path incoming = folder.resolve("evidence/.incoming");
    Path old = Files.writeString(incoming.resolve("old.part"), "x");
    Path fresh = Files.writeString(incoming.resolve("fresh.part"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

    store.abandon(Instant.now().minus(Duration.ofHours(1)));

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }
}
