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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// The signing keys that all instances share, read from the database again each minute: all of them
/// are published and verify, the newest signs. Thread-safe.
///
/// A failure to read goes on with what was read before.
public final class SigningKeys implements VerificationKeys, AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Clock clock;
  private final Database database;
  private final KeySeal seal;
  private final SigningKeyRepository repository = new SigningKeyRepository();
  private final Periodic periodic;
  private volatile Ring ring;

  /// The keys at one moment, never none.
  private record Ring(SigningKey newest, Map<String, SigningKey> byId) {
    static Ring of(List<SigningKey> newestFirst) {
      return new Ring(
          newestFirst.getFirst(),
          newestFirst.stream().collect(Collectors.toMap(SigningKey::kid, Function.identity())));
    }
  }

  /// Reads the keys, and makes the first one if there is none yet: one, however many instances
  /// start at once.
  ///
  /// @throws CannotStart when a key was not encrypted with this master key
  public SigningKeys(Clock clock, Database database, MasterKey master) {
    this.clock = clock;
    this.database = database;
    this.seal = new KeySeal(master);
    this.ring = Ring.of(open(database.inBackground(this::listOrCreate)));
    this.periodic = Periodic.start("signing-keys", PAUSE, this::reload);
  }

  /// The key to sign with.
  public SigningKey newest() {
    return ring.newest();
  }

  @Override
  public Optional<ECPublicKey> find(String kid) {
    return Optional.ofNullable(ring.byId().get(kid)).map(SigningKey::publicKey);
  }

  /// Every public key, for whoever verifies.
  public JwkSet published() {
    return new JwkSet(ring.byId().values().stream().map(SigningKey::jwk).toList());
  }

  /// Reads the keys again, now.
  public void reload() {
    ring = Ring.of(open(database.inBackground(repository::list)));
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
      Row first = sealed(SigningKey.generate(clock.instant()));
      repository.insert(handle, first);
      rows = List.of(first);
    }
    return rows;
  }

  private Row sealed(SigningKey key) {
    return new Row(
        key.kid(),
        key.publicKey().getEncoded(),
        seal.close(key.kid(), key.privateKey().getEncoded()),
        key.createdAt());
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
          row.createdAt());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Signing key " + row.kid() + " is damaged", e);
    }
  }
}
