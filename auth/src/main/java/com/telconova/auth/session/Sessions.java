package com.telconova.auth.session;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.Accounts.Authenticated;
import com.telconova.auth.account.User;
import com.telconova.auth.session.SessionPolicy.Decision;
import com.telconova.auth.session.SessionPolicy.Stored;
import com.telconova.auth.throttle.Attempt;
import com.telconova.auth.throttle.Purpose;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens sessions and keeps them alive. Thread-safe, on any number of instances: whoever works on a
/// session holds its row.
public final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private final Clock clock;
  private final SessionPolicy policy;
  private final Database database;
  private final Accounts accounts;
  private final Throttle throttle;
  private final TokenMint mint;
  private final SessionChanges changes;
  private final SessionRepository repository = new SessionRepository();

  /// What a client goes on with.
  ///
  /// @param accessToken for every other request, for as long as `expiresIn`
  /// @param refreshToken good for one exchange
  public record Grant(Secret accessToken, Secret refreshToken, Duration expiresIn, User user) {}

  /// For whom a refresh token was accepted.
  private record Accepted(User user, UUID session) {}

  public Sessions(
      Clock clock,
      SessionPolicy policy,
      Database database,
      Accounts accounts,
      Throttle throttle,
      TokenMint mint,
      SessionChanges changes) {
    this.clock = clock;
    this.policy = policy;
    this.database = database;
    this.accounts = accounts;
    this.throttle = throttle;
    this.mint = mint;
    this.changes = changes;
  }

  /// Opens a session; publishes `user.login` and `user.authenticated`.
  ///
  /// @param email as it was typed
  /// @throws Failure.Unauthenticated for an unknown address, a wrong password and an inactive
  ///   account alike
  /// @throws Failure.TooManyRequests when too many of those came before
  public Grant login(String email, Secret password, Origin origin) {
    Attempt attempt = throttle.begin(Purpose.LOGIN, email, origin.address(), _ -> {});
    Optional<Authenticated> matched =
        throttle.during(attempt, () -> accounts.authenticate(email, password));
    if (matched.isEmpty()) {
      database.useTransaction(handle -> throttle.failed(handle, attempt));
      throw wrongCredentials();
    }
    Authenticated authenticated = matched.get();
    Instant now = clock.instant();
    Session session =
        new Session(
            UuidCreator.getTimeOrderedEpoch(),
            authenticated.userId(),
            policy.sessionExpiry(now),
            false);
    RefreshToken first = mint.refreshToken();
    User user =
        database
            .inTransaction(handle -> {
              Optional<User> confirmed = accounts.confirm(handle, authenticated);
              if (confirmed.isPresent()) {
                changes.begin(handle, session, confirmed.get(), origin, now);
                insertToken(handle, first, session, now);
                throttle.succeeded(handle, attempt);
              }
              return confirmed;
            })
            .orElseThrow(Sessions::wrongCredentials);
    return grant(user, session.id(), first);
  }

  /// Exchanges a refresh token for its successor. A token that was exchanged before ends its
  /// session and publishes `session.invalidated`, unless that was a moment ago and the successor is
  /// still unused: then the answer is the same successor.
  ///
  /// @param presented as the client sent it
  /// @throws Failure.Unauthenticated when it does not count, whatever the reason
  public Grant refresh(String presented) {
    RefreshToken token = RefreshToken.find(presented).orElseThrow(Sessions::noRefreshToken);
    RefreshToken successor = mint.successor(token);
    Accepted accepted =
        database
            .inTransaction(handle -> exchange(handle, token, successor))
            .orElseThrow(Sessions::noRefreshToken);
    return grant(accepted.user(), accepted.session(), successor);
  }

  /// Returns rather than throws when the token is refused: what was decided about the session must
  /// be committed.
  private Optional<Accepted> exchange(Handle handle, RefreshToken token, RefreshToken successor) {
    Instant now = clock.instant();
    Optional<Session> locked = repository.lockByToken(handle, token.hash());
    if (locked.isEmpty()) {
      return Optional.empty();
    }
    Session session = locked.get();
    Stored presented = repository.findToken(handle, token.hash()).orElseThrow();
    Optional<Stored> next = repository.findToken(handle, successor.hash());
    Optional<Accepted> accepted =
        accounts.findActive(handle, session.userId()).map(user -> new Accepted(user, session.id()));
    return switch (policy.decide(session, presented, next, now)) {
      case Decision.Rotate _ when accepted.isPresent() -> {
        repository.use(handle, token.hash(), now);
        insertToken(handle, successor, session, now);
        yield accepted;
      }
      case Decision.Repeat _ -> accepted;
      case Decision.Revoke _ -> {
        log.warn("A refresh token of session {} came twice; the session is ended", session.id());
        changes.end(handle, session, EndReason.REFRESH_TOKEN_REUSED, now);
        yield Optional.empty();
      }
      case Decision.Rotate _, Decision.Refuse _ -> Optional.empty();
    };
  }

  private void insertToken(Handle handle, RefreshToken token, Session session, Instant now) {
    repository.insertToken(
        handle, token.hash(), session.id(), now, policy.tokenExpiry(now, session.expiresAt()));
  }

  private Grant grant(User user, UUID session, RefreshToken refreshToken) {
    return new Grant(
        mint.accessToken(user, session), new Secret(refreshToken.text()), policy.access(), user);
  }

  private static Failure.Unauthenticated wrongCredentials() {
    return new Failure.Unauthenticated("The e-mail address or the password is wrong.");
  }

  private static Failure.Unauthenticated noRefreshToken() {
    return new Failure.Unauthenticated("The refresh token counts no more; log in again.");
  }
}
