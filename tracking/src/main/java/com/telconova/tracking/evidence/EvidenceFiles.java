package com.telconova.tracking.evidence;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.tracking.evidence.store.EvidenceStore;
import com.telconova.tracking.participant.OrderFacts;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.timeline.Actor;
import com.telconova.tracking.timeline.NewEntry;
import com.telconova.tracking.timeline.Timeline;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes files, lists them, gives them back and removes them.
///
/// The object is whole and durable before its row is written, so that no row is ever without its
/// bytes; and before it is begun it is noted as unclaimed, so that after a crash at any point
/// [EvidenceSweeper] finds what no row refers to. When a file is deleted, its row goes first.
public final class EvidenceFiles {
  private static final Logger log = LoggerFactory.getLogger(EvidenceFiles.class);

  /// How many files an order may have.
  static final int MAX_PER_ORDER = 20;

  private final Clock clock;
  private final Database database;
  private final Participants participants;
  private final Timeline timeline;
  private final EvidenceStore store;
  private final Outbox outbox;
  private final EvidenceRepository files = new EvidenceRepository();
  private final UnclaimedObjects unclaimed = new UnclaimedObjects();

  public EvidenceFiles(
      Clock clock,
      Database database,
      Participants participants,
      Timeline timeline,
      EvidenceStore store,
      Outbox outbox) {
    this.clock = clock;
    this.database = database;
    this.participants = participants;
    this.timeline = timeline;
    this.store = store;
    this.outbox = outbox;
  }

  /// Takes a file from the network to the store, then writes its row, its timeline entry and its
  /// event in one transaction.
  ///
  /// @throws Failure.NotFound when the caller takes no part in the order
  /// @throws Failure.Conflict when the order has ended or has its [#MAX_PER_ORDER] files
  Evidence upload(UUID orderId, Principal caller, UploadRequest request) {
    requireOpen(participants.require(orderId, caller));
    requireRoom(database.read(handle -> files.count(handle, orderId)));
    request.requireBearable();
    UUID id = UuidCreator.getTimeOrderedEpoch();
    String key = orderId + "/" + id;
    database.useTransactionApart(handle -> unclaimed.insert(handle, key, clock.instant()));
    AtomicBoolean recorded = new AtomicBoolean();
    try (Reception reception = new Reception(store, key, request.announcedBytes())) {
      EvidenceForm form = new EvidenceForm(clock, reception);
      form.read(request.body(), request.boundary());
      Reception.Received received = reception.finish();
      Evidence evidence =
          new Evidence(
              id,
              orderId,
              form.kind(),
              form.fileName(),
              received.type().contentType(),
              received.sizeBytes(),
              received.sha256(),
              key,
              caller.userId(),
              clock.instant(),
              received.redaction());
      reception.commit();
      database.useTransaction(handle -> {
        insert(handle, evidence, caller);
        recorded.set(true);
      });
      return evidence;
    } catch (RuntimeException e) {
      // Once commit was asked for, a broken connection leaves it open whether the row is there;
      // then the object stays, and if the row is not there the sweeper finds it.
      if (recorded.get()) {
        log.warn("It is not known whether evidence {} was recorded", id);
      } else {
        discard(key);
      }
      throw e;
    }
  }

  /// Reads a form as [#upload] does and keeps nothing of it.
  ///
  /// @param use what to make of its kind and of the SHA-256 of its file
  <T> T read(UploadRequest request, BiFunction<Evidence.Kind, String, T> use) {
    request.requireBearable();
    String key = "unkept/" + UuidCreator.getTimeOrderedEpoch();
    try (Reception reception = new Reception(store, key, request.announcedBytes())) {
      EvidenceForm form = new EvidenceForm(clock, reception);
      form.read(request.body(), request.boundary());
      return use.apply(form.kind(), reception.finish().sha256());
    }
  }

  /// The files of an order, oldest first.
  ///
  /// @throws Failure.NotFound when the caller takes no part in it
  Page<Evidence> list(UUID orderId, Principal caller, Page.Request request) {
    participants.require(orderId, caller);
    return Page.of(
        database.read(handle -> files.list(handle, orderId, request)),
        request,
        evidence -> new Page.Cursor(evidence.uploadedAt(), evidence.id()));
  }

  /// What is known of a file.
  ///
  /// @throws Failure.NotFound when there is none or the caller takes no part in its order
  Evidence get(UUID id, Principal caller) {
    Evidence evidence =
        database.read(handle -> files.find(handle, id)).orElseThrow(EvidenceFiles::notFound);
    requireParticipant(evidence, caller);
    return evidence;
  }

  /// Bytes of a file, to be closed by the caller. Those that are not for everybody are zeros.
  ///
  /// @param redacted whether to leave those out
  /// @param length from 1
  /// @throws Failure.NotFound when the file was deleted meanwhile
  InputStream open(Evidence evidence, long offset, long length, boolean redacted) {
    return store
        .open(evidence.objectKey(), offset, length)
        .map(bytes -> redacted ? evidence.redaction().over(bytes, offset) : bytes)
        .orElseThrow(() -> {
          log.warn("Evidence {} has no object, unless it was just deleted", evidence.id());
          return notFound();
        });
  }

  /// Removes a file and says so on the timeline. The row goes first.
  ///
  /// @throws Failure.NotFound when there is none or the caller takes no part in its order
  /// @throws Failure.Forbidden when the caller neither uploaded it nor supervises
  /// @throws Failure.Conflict when the order has ended
  void delete(UUID id, Principal caller) {
    Evidence evidence =
        database.read(handle -> files.find(handle, id)).orElseThrow(EvidenceFiles::notFound);
    OrderFacts order = requireParticipant(evidence, caller);
    if (!caller.supervises() && !caller.userId().equals(evidence.uploadedBy())) {
      throw new Failure.Forbidden("Only who uploaded it, or who supervises, may delete a file.");
    }
    requireOpen(order);
    database.useTransaction(handle -> delete(handle, evidence, caller));
    discard(evidence.objectKey());
  }

  private void delete(Handle handle, Evidence evidence, Principal caller) {
    timeline.append(
        handle,
        new NewEntry(
            UuidCreator.getTimeOrderedEpoch(),
            evidence.orderId(),
            EvidenceDeleted.TYPE,
            clock.instant(),
            new Actor(caller.userId(), caller.role().name()),
            Mappers.TOLERANT
                .valueToTree(EvidenceDeleted.of(evidence, caller.userId()))
                .toString()));
    requireStillOpen(handle, evidence.orderId());
    if (!files.delete(handle, evidence.id())) {
      throw notFound();
    }
    unclaimed.insert(handle, evidence.objectKey(), clock.instant());
  }

  private OrderFacts requireParticipant(Evidence evidence, Principal caller) {
    try {
      return participants.require(evidence.orderId(), caller);
    } catch (Failure.NotFound e) {
      throw notFound(); // in the same words as where there is no such file
    }
  }

  private void insert(Handle handle, Evidence evidence, Principal caller) {
    Instant now = evidence.uploadedAt();
    EvidenceUploaded data = EvidenceUploaded.of(evidence);
    NewEvent event = NewEvent.of(EvidenceUploaded.TYPE, data);
    timeline.append(
        handle,
        new NewEntry(
            event.id(),
            evidence.orderId(),
            event.type(),
            now,
            new Actor(caller.userId(), caller.role().name()),
            Mappers.TOLERANT.valueToTree(data).toString()));
    requireStillOpen(handle, evidence.orderId());
    requireRoom(files.count(handle, evidence.orderId())); // for certain: the chain is locked
    if (!unclaimed.claim(handle, evidence.objectKey())) {
      throw new Failure.Unavailable(
          "The upload took so long that it was given up; send the file again.",
          Duration.ofSeconds(1));
    }
    files.insert(handle, evidence);
    outbox.append(handle, evidence.orderId(), now, event);
  }

  private static void requireRoom(int present) {
    if (present >= MAX_PER_ORDER) {
      throw new Failure.Conflict("This order has its %d files already.".formatted(MAX_PER_ORDER));
    }
  }

  /// For certain: the entry that ends an order needs its chain, which is locked.
  private void requireStillOpen(Handle handle, UUID orderId) {
    requireOpen(participants.known(handle, List.of(orderId)).get(orderId));
  }

  private static void requireOpen(OrderFacts order) {
    if (order.status().ended()) {
      throw new Failure.Conflict(
          "Order %s is %s; its evidence stays as it is.".formatted(order.code(), order.status()));
    }
  }

  private static Failure.NotFound notFound() {
    return new Failure.NotFound("There is no evidence with this id.");
  }

  /// Removes an object that no row refers to; if that fails, the sweeper does it later.
  private void discard(String key) {
    try {
      store.delete(key);
      database.useTransactionApart(handle -> unclaimed.forget(handle, key));
    } catch (RuntimeException e) {
      log.warn("Object {} has no row and could not be removed yet", key, e);
    }
  }
}
