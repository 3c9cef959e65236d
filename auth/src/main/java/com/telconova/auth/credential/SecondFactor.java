package com.telconova.auth.credential;

import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.Accounts.Authenticated;
import com.telconova.auth.account.User;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.factor.Enrolment;
import com.telconova.auth.factor.Factors;
import com.telconova.auth.session.EndReason;
import com.telconova.auth.session.SessionChanges;
import com.telconova.auth.throttle.Attempt;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// What somebody who is logged in does with their second factor. Wrong passwords and codes count as
/// failures of their session. Thread-safe, on any number of instances: whoever changes a factor
/// holds the user's row.
public final class SecondFactor {
  private final Clock clock;
  private final Database database;
  private final Accounts accounts;
  private final Factors factors;
  private final Throttle throttle;
  private final AuditTrail audit;
  private final SessionChanges sessions;

  /// What an attempt comes to in its transaction: a result, or the field that was wrong. That it
  /// was wrong must be committed, so that it is no exception yet.
  private sealed interface Outcome<T> {
    record Right<T>(T result) implements Outcome<T> {}

    record Wrong<T>(Failure.Invalid failure) implements Outcome<T> {}
  }

  private interface Work<T> {
    Outcome<T> run(Handle handle, Instant now);
  }

  public SecondFactor(
      Clock clock,
      Database database,
      Accounts accounts,
      Factors factors,
      Throttle throttle,
      AuditTrail audit,
      SessionChanges sessions) {
    this.clock = clock;
    this.database = database;
    this.accounts = accounts;
    this.factors = factors;
    this.throttle = throttle;
    this.audit = audit;
    this.sessions = sessions;
  }

  /// What the caller has.
  public Factors.State state(Principal caller) {
    User user = accounts.get(caller.userId());
    return database.read(handle -> factors.state(handle, user));
  }

  /// Begins to enrol the caller; asked for is the factor only once it is confirmed.
  ///
  /// @throws Failure.Conflict when they have one
  /// @throws Failure.Invalid at `/currentPassword` when that is not it
  /// @throws Failure.TooManyRequests when it was wrong too often before
  public Enrolment begin(Principal caller, Origin origin, Secret password) {
    require(handle -> requireNone(handle, caller.userId()));
    Attempt attempt = attempt(caller, origin);
    Authenticated right = authenticate(caller, origin, password, attempt, Act.TOTP_ENROLLED);
    return run(
        caller,
        origin,
        attempt,
        Act.TOTP_ENROLLED,
        (handle, now) -> {
          User user = accounts.confirm(handle, right).orElseThrow(SecondFactor::ended);
          requireNone(handle, user.id());
          return new Outcome.Right<>(factors.begin(handle, user, now));
        });
  }

  /// Has codes asked for from now on, if this is the first; ends the caller's other sessions.
  ///
  /// @return recovery codes, which nobody will see again
  /// @throws Failure.Conflict when nothing was begun within the last ten minutes
  /// @throws Failure.Invalid at `/code` when that is wrong
  /// @throws Failure.TooManyRequests when it was wrong too often before
  public List<String> confirm(Principal caller, Origin origin, String code) {
    Attempt attempt = attempt(caller, origin);
    return run(
        caller,
        origin,
        attempt,
        Act.TOTP_ENROLLED,
        (handle, now) -> {
          User user = lock(handle, caller);
          if (!factors.isBegun(handle, user, now)) {
            throw new Failure.Conflict(
                "Nothing was begun within the last ten minutes; begin again.");
          }
          Optional<List<String>> codes =
              factors.confirm(handle, user, code, Caller.of(caller, origin), now);
          if (codes.isEmpty()) {
            return wrongCode();
          }
          endOthers(handle, caller, origin, now);
          return new Outcome.Right<>(codes.get());
        });
  }

  /// Replaces the caller's recovery codes.
  ///
  /// @param code of the device: codes from a paper do not make papers
  /// @throws Failure.Conflict when the caller has no second factor
  /// @throws Failure.Invalid at `/code` when that is wrong
  /// @throws Failure.TooManyRequests when it was wrong too often before
  public List<String> renewRecoveryCodes(Principal caller, Origin origin, String code) {
    Attempt attempt = attempt(caller, origin);
    return run(
        caller,
        origin,
        attempt,
        Act.RECOVERY_CODES_RENEWED,
        (handle, now) -> {
          User user = lock(handle, caller);
          requireOne(handle, user);
          return factors.takeCode(handle, user, code, now)
              ? new Outcome.Right<>(
                  factors.renewRecoveryCodes(handle, user, Caller.of(caller, origin), now))
              : wrongCode();
        });
  }

  /// Has no codes asked for any more; ends the caller's other sessions.
  ///
  /// @param code of the device, or a recovery code
  /// @throws Failure.Conflict when the caller has no second factor, or their role takes one
  /// @throws Failure.Invalid at `/currentPassword` or `/code` when that is wrong
  /// @throws Failure.TooManyRequests when one was wrong too often before
  public void disable(Principal caller, Origin origin, Secret password, String code) {
    User known = accounts.get(caller.userId());
    require(handle -> requireOptional(handle, known));
    Attempt attempt = attempt(caller, origin);
    Authenticated right = authenticate(caller, origin, password, attempt, Act.TOTP_DISABLED);
    run(
        caller,
        origin,
        attempt,
        Act.TOTP_DISABLED,
        (handle, now) -> {
          User user = accounts.confirm(handle, right).orElseThrow(SecondFactor::ended);
          requireOptional(handle, user);
          Caller by = Caller.of(caller, origin);
          if (factors.take(handle, user, code, by, now).isEmpty()) {
            return wrongCode();
          }
          factors.remove(handle, user.id(), by, now);
          endOthers(handle, caller, origin, now);
          return new Outcome.Right<>(user.id());
        });
  }

  /// Takes away the factor of somebody who has lost it, in the name of an ADMIN; ends all their
  /// sessions.
  ///
  /// @throws Failure.Conflict when it is the caller's own: whoever stole a session has no code
  /// @throws Failure.NotFound when there is no such user, or they have none
  public void remove(Principal caller, Origin origin, UUID id) {
    if (id.equals(caller.userId())) {
      throw new Failure.Conflict("This one is yours; disable it, with a code.");
    }
    Instant now = clock.instant();
    Caller by = Caller.of(caller, origin);
    database.useTransaction(handle -> {
      User user = accounts.lock(handle, id);
      if (!factors.remove(handle, user.id(), by, now)) {
        throw new Failure.NotFound("This user has no second factor.");
      }
      sessions.endAll(handle, user.id(), EndReason.SECOND_FACTOR_CHANGED, by, now);
    });
  }

  /// What can be told before a password is hashed; asked again under the user's lock.
  private void require(Consumer<Handle> condition) {
    database.read(handle -> {
      condition.accept(handle);
      return null;
    });
  }

  private Attempt attempt(Principal caller, Origin origin) {
    return throttle.begin(
        caller,
        origin.address(),
        handle ->
            audit.append(
                handle,
                caller.userId(),
                Act.CONFIRMATION_THROTTLED,
                Caller.of(caller, origin),
                clock.instant()));
  }

  private Authenticated authenticate(
      Principal caller, Origin origin, Secret password, Attempt attempt, Act act) {
    Optional<Authenticated> right =
        throttle.during(attempt, () -> accounts.authenticate(caller.userId(), password));
    if (right.isEmpty()) {
      database.useTransaction(handle -> noteFailed(handle, caller, origin, attempt, act));
      throw Failure.Invalid.at("/currentPassword", "is not your password");
    }
    return right.get();
  }

  private <T> T run(Principal caller, Origin origin, Attempt attempt, Act act, Work<T> work) {
    Instant now = clock.instant();
    Outcome<T> outcome =
        database.inTransaction(handle -> {
          Outcome<T> done = work.run(handle, now);
          switch (done) {
            case Outcome.Right<T> _ -> throttle.succeeded(handle, attempt);
            case Outcome.Wrong<T> _ -> noteFailed(handle, caller, origin, attempt, act);
          }
          return done;
        });
    return switch (outcome) {
      case Outcome.Right<T>(T result) -> result;
      case Outcome.Wrong<T>(Failure.Invalid failure) -> throw failure;
    };
  }

  private void noteFailed(
      Handle handle, Principal caller, Origin origin, Attempt attempt, Act act) {
    throttle.failed(handle, attempt);
    audit.append(
        handle,
        caller.userId(),
        Act.CONFIRMATION_FAILED,
        Caller.of(caller, origin),
        clock.instant(),
        Map.of("act", act.type()));
  }

  private User lock(Handle handle, Principal caller) {
    return accounts.lockActive(handle, caller.userId()).orElseThrow(SecondFactor::ended);
  }

  private void endOthers(Handle handle, Principal caller, Origin origin, Instant now) {
    if (!sessions.endOthers(handle, caller, origin, EndReason.SECOND_FACTOR_CHANGED, now)) {
      throw ended();
    }
  }

  private void requireNone(Handle handle, UUID user) {
    if (factors.isActive(handle, user)) {
      throw new Failure.Conflict("You have a second factor already; disable it before.");
    }
  }

  private void requireOne(Handle handle, User user) {
    if (!factors.isActive(handle, user.id())) {
      throw new Failure.Conflict("You have no second factor.");
    }
  }

  private void requireOptional(Handle handle, User user) {
    requireOne(handle, user);
    if (factors.isRequired(user)) {
      throw new Failure.Conflict(
          "Your role, " + user.role() + ", takes a second factor; it cannot be disabled.");
    }
  }

  private static <T> Outcome<T> wrongCode() {
    return new Outcome.Wrong<>(
        Failure.Invalid.at("/code", "does not count: it is wrong, too old, or was used before"));
  }

  private static Failure.Unauthenticated ended() {
    return new Failure.Unauthenticated("This session has ended; log in again.");
  }
}
