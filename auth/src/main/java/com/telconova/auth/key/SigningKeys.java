package com.telconova.auth.key;

import com.telconova.auth.key.SigningKeyRepository.Row;
import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.shared.token.JwkSet;
import com.telconova.shared.token.VerificationKeys;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The signing keys that all instances share, looked after each minute: all of them are published
/// and verify, the last whose time has come signs. Thread-safe.
///
/// When the one that signs is old enough, a successor is made and published, and signs only once
/// whoever verifies has fetched it. The predecessor goes when no token of its can count any more.
/// So a rotation refuses nobody, however many instances there are, and a key that leaked is worth
/// nothing for long.
///
/// A failure to read goes on with what was read before.
public final class SigningKeys implements VerificationKeys, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /// Longer than any verifier keeps a set (10 minutes), a cache may (5) and an instance reads on
  /// (1).
  static final Duration PUBLISHED_BEFORE = Duration.ofMinutes(20);

  /// Longer than a token lives (10 minutes at most), whoever's clock is wrong by how much.
  static final Duration PUBLISHED_AFTER = Duration.ofHours(1);

  private final Clock clock;
  private final Database database;
  private final KeySeal seal;
  private final Duration lifetime;
  private final SigningKeyRepository repository = new SigningKeyRepository();
  private final Periodic periodic;
  private volatile Ring ring;

  /// The keys at one moment, never none; the one that signs last first.
  private record Ring(List<SigningKey> lastFirst, Map<String, SigningKey> byId) {
    static Ring of(List<SigningKey> lastFirst) {
      return new Ring(
          lastFirst,
          lastFirst.stream().collect(Collectors.toMap(SigningKey::kid, Function.identity())));
    }

    /// The last whose time has come, and before that the first there is.
    SigningKey current(Instant now) {
      return lastFirst.stream()
          .filter(key -> !key.signsFrom().isAfter(now))
          .findFirst()
          .orElseGet(lastFirst::getLast);
    }
  }

  /// Reads the keys, and makes the first one if there is none yet: one, however many instances
  /// start at once.
  ///
  /// @param lifetime how long a key signs before it has a successor
  /// @throws CannotStart when a key was not encrypted with this master key
  public SigningKeys(Clock clock, Database database, MasterKey master, Duration lifetime) {
    this.clock = clock;
    this.database = database;
    this.seal = new KeySeal(master);
    this.lifetime = lifetime;
    this.ring = Ring.of(open(database.atStart(this::listOrCreate)));
    this.periodic = Periodic.start("signing-keys", PAUSE, this::lookAfter);
  }

  /// The key to sign with, now.
  public SigningKey current() {
    return ring.current(clock.instant());
  }

  @Override
  public Optional<ECPublicKey> find(String kid) {
    return Optional.ofNullable(ring.byId().get(kid)).map(SigningKey::publicKey);
  }

  /// Every public key, for whoever verifies.
  public JwkSet published() {
    return new JwkSet(ring.byId().values().stream().map(SigningKey::jwk).toList());
  }

  /// Makes a successor if it is time, removes who is not needed any more, and reads the keys again.
  public void lookAfter() {
    ring = Ring.of(open(database.inBackground(this::rotate)));
  }

  @Override
  public void close() {
    periodic.close();
  }

  private List<Row> listOrCreate(Handle handle) {
    List<Row> rows = repository.list(handle);
    if (rows.isEmpty()) {
      repository.lock(handle);
      rows = repository.list(handle); // somebody may have been faster
    }
    if (rows.isEmpty()) {
      Instant now = clock.instant();
      repository.insert(handle, sealed(SigningKey.generate(now, now)));
      rows = repository.list(handle);
    }
    return rows;
  }

  private List<Row> rotate(Handle handle) {
    List<Row> rows = repository.list(handle);
    if (!isDue(rows)) {
      return rows;
    }
    repository.lock(handle);
    rows = repository.list(handle); // somebody may have been faster
    if (isDue(rows)) {
      change(handle, rows);
    }
    return repository.list(handle);
  }

  private boolean isDue(List<Row> rows) {
    return needsSuccessor(rows) || !outlived(rows).isEmpty();
  }

  private void change(Handle handle, List<Row> rows) {
    Instant now = clock.instant();
    if (needsSuccessor(rows)) {
      Row successor = sealed(SigningKey.generate(now, now.plus(PUBLISHED_BEFORE)));
      repository.insert(handle, successor);
      log.info("Key {} signs from {}", successor.kid(), successor.signsFrom());
    }
    for (Row row : outlived(rows)) {
      repository.delete(handle, row.kid());
      log.info("Key {} is gone: no token of its can count any more", row.kid());
    }
  }

  private boolean needsSuccessor(List<Row> lastFirst) {
    return !lastFirst.getFirst().signsFrom().plus(lifetime).isAfter(clock.instant());
  }

  /// Those whose successor has signed for long enough.
  private List<Row> outlived(List<Row> lastFirst) {
    Instant now = clock.instant();
    return lastFirst.stream()
        .skip(1)
        .filter(row ->
            !lastFirst
                .get(lastFirst.indexOf(row) - 1)
                .signsFrom()
                .plus(PUBLISHED_AFTER)
                .isAfter(now))
        .toList();
  }

  private Row sealed(SigningKey key) {
    return new Row(
        key.kid(),
        key.publicKey().getEncoded(),
        seal.close(key.kid(), key.privateKey().getEncoded()),
        key.createdAt(),
        key.signsFrom());
  }

  private List<SigningKey> open(List<Row> rows) {
    return rows.stream().map(this::open).toList();
  }

  private SigningKey open(Row row) {
    byte[] privateKey =
        seal.open(row.kid(), row.sealed())
            .orElseThrow(() ->
                new CannotStart(
                    "AUTH_MASTER_KEY does not open the signing key %s: set the one with which auth first started on this database."
                        .formatted(row.kid()),
                    null));
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      return new SigningKey(
          row.kid(),
          (ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(row.publicKey())),
          (ECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(privateKey)),
          row.createdAt(),
          row.signsFrom());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Signing key " + row.kid() + " is damaged", e);
    }
  }
}
