package com.telconova.auth.session;

import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.User;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.shared.database.Database;
import com.telconova.shared.http.Page;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What somebody who is logged in may do with their sessions. Thread-safe, on any number of
/// instances.
public final class OwnSessions {
  private final Clock clock;
  private final SessionPolicy policy;
  private final Database database;
  private final Accounts accounts;
  private final SessionChanges changes;
  private final SessionRepository repository = new SessionRepository();

  public OwnSessions(
      Clock clock,
      SessionPolicy policy,
      Database database,
      Accounts accounts,
      SessionChanges changes) {
    this.clock = clock;
    this.policy = policy;
    this.database = database;
    this.accounts = accounts;
    this.changes = changes;
  }

  /// Ends the caller's session; nothing is left to do when it has ended already.
  public void logOut(Principal caller, Origin origin) {
    database.useTransaction(handle -> end(handle, caller, origin, caller.sessionId()));
  }

  /// Ends all of the caller's sessions.
  public void logOutEverywhere(Principal caller, Origin origin) {
    Instant now = clock.instant();
    database.useTransaction(handle -> {
      accounts.lockActive(handle, caller.userId());
      changes.endAll(handle, caller.userId(), EndReason.LOGGED_OUT, Caller.of(caller, origin), now);
    });
  }

  /// Ends one of the caller's sessions, this or another.
  ///
  /// @throws Failure.NotFound when it is not theirs, or has ended
  public void end(Principal caller, Origin origin, UUID session) {
    if (!database.inTransaction(handle -> end(handle, caller, origin, session))) {
      throw new Failure.NotFound("You have no session with this id.");
    }
  }

  /// The caller's sessions that can still be refreshed, newest first.
  public Page<OwnSession> list(Principal caller, Page.Request request) {
    SessionPolicy.Alive alive = policy.alive(clock.instant());
    return Page.of(
        database.read(handle -> repository.list(handle, caller.userId(), alive, request)),
        request,
        session -> new Page.Cursor(session.createdAt(), session.id()));
  }

  /// Asks the database, not what this instance remembers, whether a verified token still counts.
  ///
  /// @throws Failure.Unauthenticated when its session ended, or its owner is inactive or has
  ///   another role
  public void requireInForce(Principal caller) {
    boolean inForce =
        caller.role() == Role.SERVICE // has no session that could end
            || database.read(handle -> isInForce(handle, caller));
    if (!inForce) {
      throw new Failure.Unauthenticated("This session has ended; log in again.");
    }
  }

  private boolean isInForce(Handle handle, Principal caller) {
    Optional<User> owner = accounts.findActive(handle, caller.userId());
    return owner.isPresent()
        && owner.get().role().name().equals(caller.role().name())
        && repository.isOpen(handle, caller.sessionId(), caller.userId());
  }

  private boolean end(Handle handle, Principal caller, Origin origin, UUID session) {
    Optional<Session> found =
        repository
            .lock(handle, session)
            .filter(locked -> locked.userId().equals(caller.userId()) && !locked.ended());
    found.ifPresent(locked ->
        changes.end(
            handle, locked, EndReason.LOGGED_OUT, Caller.of(caller, origin), clock.instant()));
    return found.isPresent();
  }
}
