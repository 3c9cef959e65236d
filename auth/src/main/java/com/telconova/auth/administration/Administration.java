package com.telconova.auth.administration;

import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.Profile;
import com.telconova.auth.account.User;
import com.telconova.auth.account.UserRole;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.session.EndReason;
import com.telconova.auth.session.SessionChanges;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/// Changes accounts in the name of an ADMIN. Thread-safe, on any number of instances.
public final class Administration {
  private final Clock clock;
  private final Database database;
  private final Accounts accounts;
  private final SessionChanges sessions;
  private final AuditTrail audit;

  /// What shall become of a user.
  ///
  /// @param role empty for the one they have
  /// @param active empty for as it is
  public record Change(
      UnaryOperator<Profile> profile, Optional<UserRole> role, Optional<Boolean> active) {
    User of(User user) {
      return user.with(profile.apply(user.profile()))
          .with(role.orElse(user.role()), active.orElse(user.active()));
    }

    boolean concernsPowers() {
      return role.isPresent() || active.isPresent();
    }
  }

  public Administration(
      Clock clock,
      Database database,
      Accounts accounts,
      SessionChanges sessions,
      AuditTrail audit) {
    this.clock = clock;
    this.database = database;
    this.accounts = accounts;
    this.sessions = sessions;
    this.audit = audit;
  }

  /// Changes a user; publishes `user.updated` if they are another one then. Who has another role,
  /// or may not use the system any more, has no session left.
  ///
  /// One change of powers after another: only so can it be told who is the last ADMIN, and whether
  /// the caller still is one.
  ///
  /// @throws Failure.NotFound when there is no such user
  /// @throws Failure.Conflict when no active ADMIN would be left
  /// @throws Failure.Unauthenticated when the caller has been an active ADMIN until just now
  public User change(Principal caller, Origin origin, UUID id, Change change) {
    Instant now = clock.instant();
    return database.inTransaction(handle -> {
      if (change.concernsPowers()) {
        accounts.lockAdmins(handle);
        requireStillAdmin(handle, caller);
      }
      User before = accounts.lock(handle, id);
      User after = change.of(before);
      if (!after.equals(before)) {
        requireSomeAdminLeft(handle, before, after);
        accounts.update(handle, after, now);
        note(handle, before, after, Caller.of(caller, origin), now);
      }
      return after;
    });
  }

  private void requireStillAdmin(Handle handle, Principal caller) {
    if (accounts.findActive(handle, caller.userId()).filter(User::isActiveAdmin).isEmpty()) {
      throw new Failure.Unauthenticated("This session has ended; log in again.");
    }
  }

  private void requireSomeAdminLeft(Handle handle, User before, User after) {
    boolean leaves = before.isActiveAdmin() && !after.isActiveAdmin();
    if (leaves && !accounts.anyOtherActiveAdmin(handle, before.id())) {
      throw new Failure.Conflict("This is the last active ADMIN; make somebody else ADMIN before.");
    }
  }

  private void note(Handle handle, User before, User after, Caller caller, Instant now) {
    if (before.role() != after.role()) {
      Map<String, String> detail = Map.of("from", before.role().name(), "to", after.role().name());
      audit.append(handle, after.id(), Act.ROLE_CHANGED, caller, now, detail);
    }
    if (before.active() != after.active()) {
      Act act = after.active() ? Act.ACCOUNT_REACTIVATED : Act.ACCOUNT_DEACTIVATED;
      audit.append(handle, after.id(), act, caller, now);
    }
    if (before.active() && !after.active()) {
      sessions.endAll(handle, after.id(), EndReason.DEACTIVATED, caller, now);
    } else if (before.role() != after.role()) {
      sessions.endAll(handle, after.id(), EndReason.ROLE_CHANGED, caller, now);
    }
  }
}
