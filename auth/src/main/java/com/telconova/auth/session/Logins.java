package com.telconova.auth.session;

import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.Accounts.Authenticated;
import com.telconova.auth.account.Accounts.Refused;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.session.Sessions.Grant;
import com.telconova.auth.session.Sessions.Opened;
import com.telconova.auth.throttle.Attempt;
import com.telconova.auth.throttle.Purpose;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Lets people in. Thread-safe, on any number of instances.
public final class Logins {
  private final Clock clock;
  private final Database database;
  private final Accounts accounts;
  private final Throttle throttle;
  private final AuditTrail audit;
  private final Sessions sessions;

  public Logins(
      Clock clock,
      Database database,
      Accounts accounts,
      Throttle throttle,
      AuditTrail audit,
      Sessions sessions) {
    this.clock = clock;
    this.database = database;
    this.accounts = accounts;
    this.throttle = throttle;
    this.audit = audit;
    this.sessions = sessions;
  }

  /// Opens a session; publishes `user.login` and `user.authenticated`.
  ///
  /// @param email as it was typed
  /// @throws Failure.Unauthenticated for an unknown address, a wrong password and an inactive
  ///   account alike
  /// @throws Failure.TooManyRequests when too many of those came before
  public Grant login(String email, Secret password, Origin origin) {
    Attempt attempt =
        throttle.begin(
            Purpose.LOGIN, email, origin.address(), handle -> noteThrottled(handle, email, origin));
    return switch (throttle.during(attempt, () -> accounts.authenticate(email, password))) {
      case Refused refused -> {
        database.useTransaction(handle -> {
          throttle.failed(handle, attempt);
          noteRefused(handle, refused, origin);
        });
        throw wrongCredentials();
      }
      case Authenticated authenticated -> open(authenticated, attempt, origin);
    };
  }

  private Grant open(Authenticated authenticated, Attempt attempt, Origin origin) {
    Instant now = clock.instant();
    Optional<Opened> opened =
        database.inTransaction(handle -> {
          Optional<Opened> done =
              accounts
                  .confirm(handle, authenticated)
                  .map(user -> sessions.open(handle, user, origin, now));
          if (done.isPresent()) {
            throttle.succeeded(handle, attempt);
          }
          return done;
        });
    return sessions.grant(opened.orElseThrow(Logins::wrongCredentials));
  }

  /// Guesses at addresses that nobody has are not written down: there could be any number.
  private void noteRefused(Handle handle, Refused refused, Origin origin) {
    refused
        .userId()
        .ifPresent(user ->
            audit.append(
                handle,
                user,
                Act.LOGIN_FAILED,
                Caller.anonymous(origin),
                clock.instant(),
                Map.of("reason", refused.reason().name())));
  }

  private void noteThrottled(Handle handle, String email, Origin origin) {
    accounts
        .findOwner(handle, email)
        .ifPresent(user ->
            audit.append(
                handle, user, Act.LOGIN_THROTTLED, Caller.anonymous(origin), clock.instant()));
  }

  private static Failure.Unauthenticated wrongCredentials() {
    return new Failure.Unauthenticated("The e-mail address or the password is wrong.");
  }
}
