package com.telconova.auth.session;

import com.telconova.auth.account.User;
import com.telconova.auth.account.UserRole;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.factor.Proof;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Revocations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// All that is written when a session begins or ends (its row, its revocation, its events) in the
/// transaction of whoever begins or ends it.
///
/// Who works on one session holds its row. Who works on several of a user's holds the user's row
/// first, so that two of them never wait for each other.
public final class SessionChanges {
  /// How many sessions a user has at most; so everything done to all of them is bounded.
  static final int MAX_SESSIONS = 100;

  private final Outbox outbox;
  private final Revocations revocations;
  private final AuditTrail audit;
  private final SessionRepository repository = new SessionRepository();

  private record UserLogin(UUID userId, String address, String device) {}

  private record UserAuthenticated(UUID userId, UUID sessionId, UserRole role, List<String> amr) {}

  private record SessionInvalidated(UUID sessionId, UUID userId, EndReason reason) {}

  public SessionChanges(Outbox outbox, Revocations revocations, AuditTrail audit) {
    this.outbox = outbox;
    this.revocations = revocations;
    this.audit = audit;
  }

  /// Tells that somebody whose row is locked sent the right password, whether they get in or not.
  void accepted(Handle handle, User user, Origin origin, Instant now) {
    outbox.append(
        handle,
        user.id(),
        now,
        NewEvent.of("user.login", new UserLogin(user.id(), origin.address(), origin.device())));
  }

  /// Begins a session of a user whose row is locked; of more than [#MAX_SESSIONS], the one that
  /// rested longest ends.
  void begin(Handle handle, Session session, User user, Proof proof, Origin origin, Instant now) {
    repository.insert(handle, session, origin, now);
    outbox.append(
        handle,
        user.id(),
        now,
        NewEvent.of(
            "user.authenticated",
            new UserAuthenticated(user.id(), session.id(), user.role(), proof.methods())));
    Caller caller = Caller.anonymous(origin).as(user.id(), user.role().name()).with(session.id());
    audit.append(
        handle, user.id(), Act.LOGIN_SUCCEEDED, caller, now, Map.of("proof", proof.name()));
    List<Session> beyond = repository.lockBeyond(handle, user.id(), MAX_SESSIONS);
    end(handle, beyond, EndReason.TOO_MANY, caller, now);
  }

  /// Ends a session whose row is locked. Its access tokens count no more: here at once, elsewhere
  /// as soon as the event is there.
  void end(Handle handle, Session session, EndReason reason, Caller caller, Instant now) {
    audit.append(
        handle,
        session.userId(),
        Act.SESSION_ENDED,
        caller.with(session.id()),
        now,
        Map.of("reason", reason.name()));
    repository.end(handle, session.id(), reason, now);
    revocations.insert(handle, session.id(), now);
    outbox.append(
        handle,
        session.id(),
        now,
        NewEvent.of(
            "session.invalidated", new SessionInvalidated(session.id(), session.userId(), reason)));
  }

  /// Ends a session whose row is locked, because somebody has a copy of one of its tokens.
  void reused(Handle handle, Session session, Origin origin, Instant now) {
    Caller caller = Caller.anonymous(origin).with(session.id());
    audit.append(handle, session.userId(), Act.REFRESH_REUSED, caller, now);
    end(handle, session, EndReason.REFRESH_TOKEN_REUSED, caller, now);
  }

  /// Ends every session of a user whose row is locked.
  public void endAll(Handle handle, UUID user, EndReason reason, Caller caller, Instant now) {
    end(handle, repository.lockAll(handle, user), reason, caller, now);
  }

  /// Ends every session but the caller's of the caller, whose row is locked.
  ///
  /// @return false, and nothing is done, when that one has ended itself
  public boolean endOthers(
      Handle handle, Principal caller, Origin origin, EndReason reason, Instant now) {
    UUID user = caller.userId();
    UUID kept = caller.sessionId();
    List<Session> all = repository.lockAll(handle, user);
    List<Session> others = all.stream().filter(session -> !session.id().equals(kept)).toList();
    if (others.size() == all.size()) {
      return false;
    }
    end(handle, others, reason, Caller.of(caller, origin), now);
    return true;
  }

  private void end(
      Handle handle, List<Session> sessions, EndReason reason, Caller caller, Instant now) {
    sessions.forEach(session -> end(handle, session, reason, caller, now));
  }
}
