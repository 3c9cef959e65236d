package com.telconova.auth.session;

import com.telconova.auth.account.User;
import com.telconova.auth.account.UserRole;
import com.telconova.auth.session.Session.EndReason;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.token.Revocations;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Tells of sessions, in the transaction that changes them.
public final class SessionEvents {
  private final Outbox outbox;
  private final Revocations revocations;

  private record UserLogin(UUID userId, String address, String device) {}

  private record UserAuthenticated(UUID userId, UUID sessionId, UserRole role) {}

  private record SessionInvalidated(UUID sessionId, UUID userId, EndReason reason) {}

  public SessionEvents(Outbox outbox, Revocations revocations) {
    this.outbox = outbox;
    this.revocations = revocations;
  }

  /// The password was right, and with it the login complete. Two events: once there is a second
  /// factor, they will come apart.
  void opened(Handle handle, User user, UUID session, Origin origin, Instant now) {
    outbox.append(
        handle,
        user.id(),
        now,
        NewEvent.of("user.login", new UserLogin(user.id(), origin.address(), origin.device())),
        NewEvent.of("user.authenticated", new UserAuthenticated(user.id(), session, user.role())));
  }

  /// The session's access tokens count no more: here within a second, elsewhere as soon as the
  /// event is there.
  void ended(Handle handle, Session session, EndReason reason, Instant now) {
    revocations.insert(handle, session.id(), now);
    outbox.append(
        handle,
        session.id(),
        now,
        NewEvent.of(
            "session.invalidated", new SessionInvalidated(session.id(), session.userId(), reason)));
  }
}
