package com.telconova.auth.session;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.User;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.factor.Factors;
import com.telconova.auth.factor.Proof;
import com.telconova.auth.session.SessionPolicy.Decision;
import com.telconova.auth.session.SessionPolicy.Stored;
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
  private final Factors factors;
  private final TokenMint mint;
  private final SessionChanges changes;
  private final SessionRepository repository = new SessionRepository();

  /// What a client goes on with.
  ///
  /// @param accessToken for every other request, for as long as `expiresIn`
  /// @param refreshToken good for one exchange
  public record Grant(Secret accessToken, Secret refreshToken, Duration expiresIn, User user) {}

  /// A session that was just opened.
  record Opened(User user, UUID session, RefreshToken refreshToken) {}

  /// For whom a refresh token was accepted.
  private record Accepted(User user, UUID session) {}

  public Sessions(
      Clock clock,
      SessionPolicy policy,
      Database database,
      Accounts accounts,
      Factors factors,
      TokenMint mint,
      SessionChanges changes) {
    this.clock = clock;
    this.policy = policy;
    this.database = database;
    this.accounts = accounts;
    this.factors = factors;
    this.mint = mint;
    this.changes = changes;
  }

  /// Opens a session of a user whose row is locked; publishes `user.authenticated`.
  Opened open(Handle handle, User user, Proof proof, Origin origin, Instant now) {
    Session session =
        new Session(UuidCreator.getTimeOrderedEpoch(), user.id(), policy.sessionExpiry(now), false);
    RefreshToken first = mint.refreshToken();
    changes.begin(handle, session, user, proof, origin, now);
    insertToken(handle, first, session, now);
    return new Opened(user, session.id(), first);
  }

  /// What the client of an open session goes on with. Not to be done in a transaction.
  Grant grant(Opened opened) {
    return grant(opened.user(), opened.session(), opened.refreshToken());
  }

  /// Exchanges a refresh token for its successor. A token that was exchanged before ends its
  /// session and publishes `session.invalidated`, unless that was a moment ago and the successor is
  /// still unused: then the answer is the same successor.
  ///
  /// @param presented as the client sent it
  /// @throws Failure.Unauthenticated when it does not count, whatever the reason
  public Grant refresh(String presented, Origin origin) {
    RefreshToken token = RefreshToken.find(presented).orElseThrow(Sessions::noRefreshToken);
    RefreshToken successor = mint.successor(token);
    Accepted accepted =
        database
            .inTransaction(handle -> exchange(handle, token, successor, origin))
            .orElseThrow(Sessions::noRefreshToken);
    return grant(accepted.user(), accepted.session(), successor);
  }

  /// Returns rather than throws when the token is refused: what was decided about the session must
  /// be committed.
  private Optional<Accepted> exchange(
      Handle handle, RefreshToken token, RefreshToken successor, Origin origin) {
    Instant now = clock.instant();
    Optional<Session> locked = repository.lockByToken(handle, token.hash());
    if (locked.isEmpty()) {
      return Optional.empty();
    }
    Session session = locked.get();
    Stored presented = repository.findToken(handle, token.hash()).orElseThrow();
    Optional<Stored> next = repository.findToken(handle, successor.hash());
    Optional<Accepted> accepted =
        accounts
            .findActive(handle, session.userId())
            .filter(user -> !factors.isMissing(handle, user)) // asked for since they came in
            .map(user -> new Accepted(user, session.id()));
    return switch (policy.decide(session, presented, next, now)) {
      case Decision.Rotate _ when accepted.isPresent() -> {
        repository.use(handle, token.hash(), now);
        insertToken(handle, successor, session, now);
        yield accepted;
      }
      case Decision.Repeat _ -> accepted;
      case Decision.Revoke _ -> {
        log.warn("A refresh token of session {} came twice; the session is ended", session.id());
        changes.reused(handle, session, origin, now);
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

  private static Failure.Unauthenticated noRefreshToken() {
    return new Failure.Unauthenticated("The refresh token counts no more; log in again.");
  }
}
