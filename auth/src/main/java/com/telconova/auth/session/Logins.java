package com.telconova.auth.session;

import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.Accounts.Authenticated;
import com.telconova.auth.account.Accounts.Refused;
import com.telconova.auth.account.User;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.factor.Enrolment;
import com.telconova.auth.factor.Factors;
import com.telconova.auth.factor.Verdict;
import com.telconova.auth.session.Sessions.Grant;
import com.telconova.auth.session.Sessions.Opened;
import com.telconova.auth.throttle.Attempt;
import com.telconova.auth.throttle.Purpose;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Lets people in. Thread-safe, on any number of instances.
public final class Logins {
  /// A second factor: its code is missing or wrong, or it has to be enrolled first. Turned away:
  /// too much work at the moment.
  private static final List<String> OUTCOMES =
      List.of("succeeded", "wrong_credentials", "second_factor", "throttled", "turned_away");

  private final Clock clock;
  private final Database database;
  private final Accounts accounts;
  private final Throttle throttle;
  private final AuditTrail audit;
  private final Factors factors;
  private final Sessions sessions;
  private final SessionChanges changes;
  private final Counter ended;

  /// What a client goes on with.
  ///
  /// @param recoveryCodes of a second factor that was enrolled by logging in; else none
  public record LoggedIn(Grant grant, List<String> recoveryCodes) {
    public LoggedIn {
      recoveryCodes = List.copyOf(recoveryCodes);
    }

    @Override
    public String toString() {
      return "LoggedIn[***]";
    }
  }

  /// Whether somebody who sent the right password gets in.
  private sealed interface Entry {
    record Yes(Opened opened, List<String> recoveryCodes) implements Entry {}

    record No(Failure.Unauthenticated failure) implements Entry {}
  }

  public Logins(
      Clock clock,
      Database database,
      Accounts accounts,
      Throttle throttle,
      AuditTrail audit,
      Factors factors,
      Sessions sessions,
      SessionChanges changes,
      CollectorRegistry registry) {
    this.clock = clock;
    this.database = database;
    this.accounts = accounts;
    this.throttle = throttle;
    this.audit = audit;
    this.factors = factors;
    this.sessions = sessions;
    this.changes = changes;
    this.ended =
        Counter.build("logins_total", "Logins by how they ended.")
            .labelNames("outcome")
            .register(registry);
    OUTCOMES.forEach(ended::labels); // zero from the start, or the first of each shows no increase
  }

  /// Opens a session. Publishes `user.login` when the password was right, and `user.authenticated`
  /// when that was all that is asked for, or the code was right, too.
  ///
  /// Who must have a second factor and has none yet gets what their device needs, and is enrolled
  /// by logging in once more with its first code: until then they get nothing else.
  ///
  /// @param email as it was typed
  /// @param code of the second factor, or a recovery code, as it was typed; null for none
  /// @throws Failure.Unauthenticated for an unknown address, a wrong password and an inactive
  ///   account alike; of type `totp-required` when a code is missing or wrong, and
  ///   `totp-enrolment-required` when there is no second factor yet and must be
  /// @throws Failure.TooManyRequests when too many of those came before
  public LoggedIn login(String email, Secret password, String code, Origin origin) {
    try {
      LoggedIn in = accounts.admit(() -> loginAdmitted(email, password, code, origin));
      ended.labels("succeeded").inc();
      return in;
    } catch (Failure failure) {
      ended.labels(outcome(failure)).inc();
      throw failure;
    }
  }

  private static String outcome(Failure failure) {
    return switch (failure) {
      case Failure.TooManyRequests _ -> "throttled";
      case Failure.Unauthenticated refused when refused.type() == null -> "wrong_credentials";
      case Failure.Unauthenticated _ -> "second_factor";
      default -> "turned_away";
    };
  }

  private LoggedIn loginAdmitted(String email, Secret password, String code, Origin origin) {
    Attempt attempt =
        throttle.begin(
            Purpose.LOGIN, email, origin.address(), handle -> noteThrottled(handle, email, origin));
    return switch (throttle.during(attempt, () -> accounts.authenticate(email, password))) {
      case Refused refused -> {
        database.useTransaction(handle -> {
          throttle.failed(handle, attempt);
          noteFailed(handle, refused.userId(), refused.reason().name(), origin);
        });
        throw wrongCredentials();
      }
      case Authenticated authenticated -> enter(authenticated, code, attempt, origin);
    };
  }

  private LoggedIn enter(Authenticated authenticated, String code, Attempt attempt, Origin origin) {
    Instant now = clock.instant();
    Entry entry =
        database.inTransaction(handle -> {
          Optional<User> user = accounts.confirm(handle, authenticated);
          return user.isPresent()
              ? enter(handle, user.get(), code, attempt, origin, now)
              : new Entry.No(wrongCredentials());
        });
    return switch (entry) {
      case Entry.No(Failure.Unauthenticated failure) -> throw failure;
      case Entry.Yes(Opened opened, List<String> codes) ->
          new LoggedIn(sessions.grant(opened), codes);
    };
  }

  /// Returns rather than throws: what was found out must be committed.
  private Entry enter(
      Handle handle, User user, String code, Attempt attempt, Origin origin, Instant now) {
    changes.accepted(handle, user, origin, now);
    return switch (factors.check(handle, user, code, Caller.anonymous(origin), now)) {
      case Verdict.Passed passed -> {
        Opened opened = sessions.open(handle, user, passed.proof(), origin, now);
        throttle.succeeded(handle, attempt); // last: others wait for what counts for an address
        yield new Entry.Yes(opened, passed.recoveryCodes());
      }
      case Verdict.CodeMissing _ -> {
        throttle.withdrawn(handle, attempt);
        yield new Entry.No(
            codeRequired("Send the code of your second factor, or a recovery code, as totp."));
      }
      case Verdict.CodeWrong _ -> {
        throttle.failed(handle, attempt);
        noteFailed(handle, Optional.of(user.id()), "SECOND_FACTOR", origin);
        yield new Entry.No(
            codeRequired("This code does not count: it is wrong, too old, or was used before."));
      }
      case Verdict.MustEnrol(Enrolment enrolment) -> {
        throttle.withdrawn(handle, attempt);
        yield new Entry.No(
            new Failure.Unauthenticated(
                "totp-enrolment-required",
                "Your role takes a second factor: put the secret into an authenticator, and log in with its first code as totp.",
                Map.of("enrolment", enrolment)));
      }
    };
  }

  private void noteFailed(Handle handle, Optional<UUID> user, String reason, Origin origin) {
    audit.appendIfAny(
        handle,
        user,
        Act.LOGIN_FAILED,
        Caller.anonymous(origin),
        clock.instant(),
        Map.of("reason", reason));
  }

  private void noteThrottled(Handle handle, String email, Origin origin) {
    audit.appendIfAny(
        handle,
        accounts.findOwner(handle, email),
        Act.LOGIN_THROTTLED,
        Caller.anonymous(origin),
        clock.instant(),
        Map.of());
  }

  private static Failure.Unauthenticated codeRequired(String detail) {
    return new Failure.Unauthenticated("totp-required", detail, Map.of());
  }

  private static Failure.Unauthenticated wrongCredentials() {
    return new Failure.Unauthenticated("The e-mail address or the password is wrong.");
  }
}
