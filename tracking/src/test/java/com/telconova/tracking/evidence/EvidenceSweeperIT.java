package com.telconova.tracking.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.tracking.HandClock;
import com.telconova.tracking.MultipartForm;
import com.telconova.tracking.Samples;
import com.telconova.tracking.TrackingDatabase;
import com.telconova.tracking.evidence.store.EvidenceStore;
import com.telconova.tracking.evidence.store.FileEvidenceStore;
import com.telconova.tracking.participant.OrderFacts;
import com.telconova.tracking.participant.OrderStatus;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.timeline.Timeline;
import io.prometheus.client.CollectorRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever a process dies of between the first byte and the last commit: after a sweep, every
/// object has its row and every row its object.
final class EvidenceSweeperIT {
  private static final UUID TECHNICIAN = UUID.randomUUID();

  @TempDir private Path folder;
  private final HandClock clock = new HandClock(Instant.now());
  private final Database database = TrackingDatabase.open();
  private final UUID order = UUID.randomUUID();
  private final Principal caller =
      new Principal(
          TECHNICIAN, Role.TECHNICIAN, UUID.randomUUID(), Instant.MAX, new Secret("unused"));
  private FileEvidenceStore disk;
  private EvidenceSweeper sweeper;

  @BeforeEach
  void open() {
    disk = FileEvidenceStore.open(folder);
    sweeper = new EvidenceSweeper(clock, database, disk, new CollectorRegistry());
    database.useTransaction(handle ->
        new Participants(database, null)
            .apply(
                handle,
                new OrderFacts(
                    order,
                    "WO-2026-000001",
                    "No internet",
                    UUID.randomUUID(),
                    TECHNICIAN,
                    OrderStatus.IN_PROGRESS,
                    3,
                    "P2")));
  }

  @AfterEach
  void close() {
    database.close();
  }

  /// Where a process dies.
  private enum Point {
    BEFORE_THE_OBJECT,
    WHILE_WRITING,
    BEFORE_THE_OBJECT_IS_WHOLE,
    BEFORE_THE_ROW
  }

  @ParameterizedTest
  @EnumSource(Point.class)
  void an_upload_that_dies_leaves_nothing_once_swept(Point point) throws IOException {
    assertThatThrownBy(() -> upload(files(new Dying(point)))).isInstanceOf(Death.class);
    sweeper.sweep();
    long spared = inStore();
    assertThat(unclaimed()).as("for all we know it is under way").isEqualTo(1);

    clock.advance(Duration.ofHours(2));
    sweeper.sweep();

    assertThat(spared).isEqualTo(point == Point.BEFORE_THE_OBJECT ? 0 : 1);
    assertThat(inStore()).isZero();
    assertThat(unclaimed()).isZero();
    assertThat(rows()).isEmpty();
  }

  @Test
  void a_deletion_that_dies_is_finished_by_the_sweeper() throws IOException {
    Evidence evidence = upload(files(disk));

    assertThatThrownBy(() -> files(new Dying(null)).delete(evidence.id(), caller))
        .isInstanceOf(Death.class);
    assertThat(rows()).isEmpty();
    assertThat(inStore()).isEqualTo(1);
    clock.advance(Duration.ofHours(2));
    sweeper.sweep();

    assertThat(inStore()).isZero();
    assertThat(unclaimed()).isZero();
  }

  @Test
  void what_was_uploaded_stays_and_what_was_deleted_or_refused_leaves_nothing_to_sweep()
      throws IOException {
    EvidenceFiles files = files(disk);
    Evidence kept = upload(files);
    files.delete(upload(files).id(), caller);
    assertThatThrownBy(() -> upload(files, new byte[] {'M', 'Z', 0, 1}))
        .isInstanceOf(Failure.UnsupportedMediaType.class);
    assertThat(unclaimed()).isZero();

    clock.advance(Duration.ofDays(30));
    sweeper.sweep();

    assertThat(rows()).containsExactly(kept.id());
    assertThat(inStore()).isEqualTo(1);
    try (InputStream bytes = files.open(kept, 0, kept.sizeBytes(), false)) {
      assertThat(bytes.readAllBytes()).isEqualTo(Samples.JPEG);
    }
  }

  @Test
  void an_upload_that_was_swept_while_it_dawdled_is_refused_and_leaves_nothing()
      throws IOException {
    EvidenceFiles files =
        files(
            new Dying(null) {
              @Override
              void committed() {
                clock.advance(Duration.ofHours(2));
                sweeper.sweep();
              }
            });

    assertThatThrownBy(() -> upload(files)).isInstanceOf(Failure.Unavailable.class);

    assertThat(rows()).isEmpty();
    assertThat(inStore()).isZero();
  }

  private EvidenceFiles files(EvidenceStore store) {
    Participants participants = new Participants(database, null);
    return new EvidenceFiles(
        clock,
        database,
        participants,
        new Timeline(clock, database, participants, () -> {}),
        store,
        new Outbox(() -> {}));
  }

  private Evidence upload(EvidenceFiles files) {
    return upload(files, Samples.JPEG);
  }

  private Evidence upload(EvidenceFiles files, byte[] content) {
    byte[] form = new MultipartForm().text("kind", "AFTER").file("a.jpg", content).bytes();
    return files.upload(
        order,
        caller,
        new UploadRequest(
            MultipartForm.BOUNDARY, form.length, true, () -> new ByteArrayInputStream(form)));
  }

  private List<UUID> rows() {
    return database.read(handle ->
        handle
            .createQuery("select id from evidence where order_id = :order")
            .bind("order", order)
            .mapTo(UUID.class)
            .list());
  }

  private int unclaimed() {
    return database.read(handle ->
        handle
            .createQuery(
                "select count(*) from evidence_unclaimed where object_key like :order || '%'")
            .bind("order", order.toString())
            .mapTo(Integer.class)
            .one());
  }

  /// How many files there are, whole or not.
  private long inStore() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  /// The end of a process, as far as its objects notice.
  private static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  /// A store whose process dies at a point, or else at the first deletion: nothing is tidied up.
  private class Dying implements EvidenceStore {
    private final Point point;
    private boolean dead;

    Dying(Point point) {
      this.point = point;
    }

    /// Called when an object has become whole.
    void committed() {}

    @Override
    public Upload begin(String key, long maxBytes) {
      dieAt(Point.BEFORE_THE_OBJECT);
      Upload upload = disk.begin(key, maxBytes);
      return new Upload() {
        private boolean whole;

        @Override
        public void write(byte[] bytes, int offset, int length) {
          upload.write(bytes, offset, length);
          dieAt(Point.WHILE_WRITING);
        }

        @Override
        public void commit() {
          dieAt(Point.BEFORE_THE_OBJECT_IS_WHOLE);
          upload.commit();
          whole = true;
          committed();
          dieAt(Point.BEFORE_THE_ROW);
        }

        @Override
        public void close() {
          if (whole) {
            upload.close();
          }
        }
      };
    }

    @Override
    public Optional<InputStream> open(String key, long offset, long length) {
      return disk.open(key, offset, length);
    }

    @Override
    public void delete(String key) {
      if (dead || (point == null && isWhole(key))) {
        throw new Death();
      }
      disk.delete(key);
    }

    private boolean isWhole(String key) {
      try (InputStream bytes = disk.open(key, 0, 1).orElse(null)) {
        return bytes != null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void abandon(Instant before) {
      disk.abandon(before);
    }

    @Override
    public void close() {}

    private void dieAt(Point here) {
      if (here == point) {
        dead = true; // whoever catches it finds nothing that works any more
        throw new Death();
      }
    }
  }
}
