package com.telconova.auth.throttle;

import com.telconova.auth.key.MasterKey;
import com.telconova.auth.throttle.ThrottleRepository.Wait;
import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;

/// Makes guessing slow without letting anybody lock others out: failures count by account *and*
/// network address, and by network address over all accounts. The counts are rows in the database,
/// so that any number of instances share them. Thread-safe.
///
/// An attempt takes its place before the password is hashed, as if it had failed already; a success
/// gives it back. So of a thousand guesses that come at once, no more are let in than of a thousand
/// that come one after another.
///
/// Keys are HMACs: the table names no address and no account, and an account that does not exist
/// counts as one that does. Of an IPv6 address only the network (64 bits) counts, for a single
/// customer has all of it.
public final class Throttle implements AutoCloseable {
  private static final String LABEL = "microflow auth throttle 1";
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int BATCH = 5_000;
  private static final int MAX_BATCHES = 100;
  private static final int IPV6_NETWORK_BYTES = 8;

  /// 144 a day beyond the first ten: a chance of 0.04 % a day to guess one of three in a million.
  private static final Bucket CODES = new Bucket(10, Duration.ofMinutes(10));

  private final Clock clock;
  private final Database database;
  private final SecretKey key;
  private final Bucket perAddress;
  private final ThrottleRepository repository = new ThrottleRepository();
  private final Periodic periodic;

  public Throttle(Clock clock, Database database, MasterKey master, Limits limits) {
    this.clock = clock;
    this.database = database;
    this.key = master.derive(LABEL, "HmacSHA256");
    this.perAddress = new Bucket(limits.addressFailures(), limits.addressRefill());
    this.periodic = Periodic.start("throttle-cleaning", PAUSE, this::clean);
  }

  /// Takes a place for an attempt at somebody's account.
  ///
  /// @param email as it was typed; whether it is known, or an address at all, makes no difference
  /// @param address the client's network address
  /// @param told runs in the transaction that tells somebody to wait, once for each wait
  /// @throws Failure.TooManyRequests when there were too many failures before
  public Attempt begin(Purpose purpose, String email, String address, Consumer<Handle> told) {
    return begin(purpose, plain(email), network(address), address, told);
  }

  /// Takes a place for an attempt at the password or the code of somebody who is logged in. Counts
  /// by session, not by address: whoever stole one may change addresses, and must not keep its
  /// owner, who has another, from anything.
  ///
  /// @throws Failure.TooManyRequests when there were too many failures before
  public Attempt begin(Principal caller, String address, Consumer<Handle> told) {
    return begin(
        Purpose.CONFIRM, caller.userId().toString(), caller.sessionId().toString(), address, told);
  }

  /// It succeeded: the failures before count no more, but those at other accounts from the same
  /// address do.
  public void succeeded(Handle handle, Attempt attempt) {
    repository.forget(handle, attempt.pair());
    repository.drain(handle, attempt.address(), perAddress.leak());
  }

  /// It failed, as was taken for granted.
  public void failed(Handle handle, Attempt attempt) {
    repository.confirm(handle, attempt.pair(), Backoff.USUAL, clock.instant());
  }

  /// It neither failed nor succeeded.
  public void withdrawn(Handle handle, Attempt attempt) {
    repository.release(handle, attempt.pair());
    repository.drain(handle, attempt.address(), perAddress.leak());
  }

  /// Runs the slow part of an attempt; gives the attempt back when that is refused for reasons that
  /// are not the caller's.
  public <T> T during(Attempt attempt, Supplier<T> work) {
    try {
      return work.get();
    } catch (Failure.Unavailable e) {
      giveBack(attempt);
      throw e;
    }
  }

  /// In the background lane: what was refused may be so because the other is full.
  private void giveBack(Attempt attempt) {
    database.inBackground(handle -> {
      withdrawn(handle, attempt);
      return null;
    });
  }

  /// Takes a place for a guess at a user's code, wherever it comes from: with a right password, six
  /// digits are soon guessed from enough addresses.
  ///
  /// @throws Failure.TooManyRequests when there were too many wrong ones before
  public void beginCode(Handle handle, UUID user) {
    Instant now = clock.instant();
    byte[] bucket = hash("CODE", user.toString(), "");
    if (!repository.fill(handle, bucket, CODES, now)) {
      throw tooMany(untilNextDrop(handle, bucket, CODES, now));
    }
  }

  /// It was right.
  public void codeSucceeded(Handle handle, UUID user) {
    repository.drain(handle, hash("CODE", user.toString(), ""), CODES.leak());
  }

  /// Forgets wrong codes, of a user who has shown by mail who they are.
  public void forgetCodes(Handle handle, UUID user) {
    repository.empty(handle, hash("CODE", user.toString(), ""));
  }

  /// Deletes what counts no more.
  ///
  /// @return how many rows left
  public int clean() {
    int left = 0;
    int batch = BATCH;
    for (int i = 0; i < MAX_BATCHES && batch >= BATCH; i++) {
      batch =
          database.inBackground(handle -> repository.deleteExpired(handle, clock.instant(), BATCH));
      left += batch;
    }
    return left;
  }

  @Override
  public void close() {
    periodic.close();
  }

  private Attempt begin(
      Purpose purpose, String account, String place, String address, Consumer<Handle> told) {
    Attempt attempt =
        new Attempt(hash(purpose.name(), account, place), hash("ADDRESS", network(address), ""));
    Optional<Duration> wait = database.inTransactionApart(handle -> reserve(handle, attempt, told));
    if (wait.isPresent()) {
      throw tooMany(wait.get());
    }
    return attempt;
  }

  /// Always the pair before the address, so that no two wait for each other.
  ///
  /// @return how long to wait, if so
  private Optional<Duration> reserve(Handle handle, Attempt attempt, Consumer<Handle> told) {
    Instant now = clock.instant();
    Optional<Duration> wait = reservePair(handle, attempt.pair(), told, now);
    if (wait.isEmpty() && !repository.fill(handle, attempt.address(), perAddress, now)) {
      repository.release(handle, attempt.pair());
      return Optional.of(untilNextDrop(handle, attempt.address(), perAddress, now));
    }
    return wait;
  }

  private Optional<Duration> reservePair(
      Handle handle, byte[] pair, Consumer<Handle> told, Instant now) {
    Optional<Wait> wait = repository.findWait(handle, pair, now);
    if (wait.isEmpty()) {
      if (repository.reserve(handle, pair, Backoff.USUAL, now)) {
        return Optional.empty();
      }
      wait = repository.findWait(handle, pair, now); // somebody was faster
    }
    if (wait.isPresent() && !wait.get().told() && repository.tell(handle, pair)) {
      told.accept(handle);
    }
    return Optional.of(
        wait.map(found -> Duration.between(now, found.until())).orElse(Backoff.USUAL.first()));
  }

  private Duration untilNextDrop(Handle handle, byte[] address, Bucket bucket, Instant now) {
    Instant emptyAt = repository.findEmptyAt(handle, address).orElse(now);
    return Duration.between(now.plus(bucket.depth()), emptyAt.plus(bucket.leak()));
  }

  private static Failure.TooManyRequests tooMany(Duration wait) {
    return new Failure.TooManyRequests(
        "Too many attempts failed; wait for as long as Retry-After says.", wait);
  }

  private byte[] hash(String purpose, String account, String place) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (String part : new String[] {purpose, account, place}) {
        mac.update(part.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }

  private static String plain(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  /// An IPv4 address, or the first half of an IPv6 address.
  static String network(String address) {
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), IPV6_NETWORK_BYTES))
          : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
