package com.telconova.auth.credential;

import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.Accounts.Authenticated;
import com.telconova.auth.account.Email;
import com.telconova.auth.account.User;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.password.PasswordHash;
import com.telconova.auth.password.PasswordHasher;
import com.telconova.auth.password.PasswordRules;
import com.telconova.auth.session.EndReason;
import com.telconova.auth.session.SessionChanges;
import com.telconova.auth.throttle.Attempt;
import com.telconova.auth.throttle.Purpose;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.token.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Sets passwords. Hashes are made with no connection held; what they were made for is looked at
/// again under the user's lock. Thread-safe, on any number of instances.
public final class Passwords {
  private final Clock clock;
  private final Database database;
  private final PasswordHasher hasher;
  private final Accounts accounts;
  private final Throttle throttle;
  private final AuditTrail audit;
  private final SessionChanges sessions;
  private final ResetMails mails;
  private final ResetRepository resets = new ResetRepository();

  public Passwords(
      Clock clock,
      Database database,
      PasswordHasher hasher,
      Accounts accounts,
      Throttle throttle,
      AuditTrail audit,
      SessionChanges sessions,
      ResetMails mails) {
    this.clock = clock;
    this.database = database;
    this.hasher = hasher;
    this.accounts = accounts;
    this.throttle = throttle;
    this.audit = audit;
    this.sessions = sessions;
    this.mails = mails;
  }

  /// Changes the caller's password and ends their other sessions; publishes
  /// `user.password.changed`.
  ///
  /// @throws Failure.Invalid at `/currentPassword` when that is not it, or not any more; at
  ///   `/newPassword` when that is not taken
  /// @throws Failure.Unauthenticated when the caller's session has ended meanwhile
  /// @throws Failure.TooManyRequests when the current one was wrong too often before
  public void change(Principal caller, Origin origin, Secret current, Secret fresh) {
    User user = accounts.get(caller.userId());
    require(fresh, user);
    Caller by = Caller.of(caller, origin);
    Attempt attempt =
        throttle.begin(
            caller,
            origin.address(),
            handle ->
                audit.append(handle, user.id(), Act.CONFIRMATION_THROTTLED, by, clock.instant()));
    Optional<Authenticated> matched =
        throttle.during(attempt, () -> accounts.authenticate(user.id(), current));
    if (matched.isEmpty()) {
      database.useTransaction(handle -> {
        throttle.failed(handle, attempt);
        audit.append(
            handle,
            user.id(),
            Act.CONFIRMATION_FAILED,
            by,
            clock.instant(),
            Map.of("act", Act.PASSWORD_CHANGED.type()));
      });
      throw wrongPassword();
    }
    PasswordHash hash = throttle.during(attempt, () -> hasher.hash(fresh));
    Instant now = clock.instant();
    database.useTransaction(handle -> {
      User confirmed =
          accounts.confirm(handle, matched.get()).orElseThrow(Passwords::wrongPassword);
      boolean here = sessions.endOthers(handle, caller, origin, EndReason.PASSWORD_CHANGED, now);
      if (!here) {
        throw new Failure.Unauthenticated("This session has ended; log in again.");
      }
      set(handle, confirmed, hash, now);
      audit.append(handle, user.id(), Act.PASSWORD_CHANGED, by, now);
      throttle.succeeded(handle, attempt);
    });
  }

  /// Has a mail sent that lets its reader set a new password, if the address has an account. Tells
  /// nobody whether it has.
  ///
  /// @throws Failure.TooManyRequests when it was asked for too often
  public void forgot(Email email, Origin origin) {
    throttle.begin(Purpose.FORGOT, email.address(), origin.address(), _ -> {});
    database.useTransaction(handle -> mails.request(handle, email, origin, clock.instant()));
  }

  /// Sets a new password for whoever got a token by mail, and ends all their sessions; publishes
  /// `user.password.changed`. A token that was used counts no more, nor do others of the same user.
  ///
  /// @param presented as the client sent it
  /// @throws Failure.Invalid at `/token` when that does not count; at `/newPassword` when that is
  ///   not taken
  public void reset(String presented, Origin origin, Secret fresh) {
    ResetToken token = ResetToken.find(presented).orElseThrow(Passwords::noToken);
    User owner = database.read(handle -> owner(handle, token)).orElseThrow(Passwords::noToken);
    require(fresh, owner);
    PasswordHash hash = hasher.hash(fresh);
    Instant now = clock.instant();
    database.useTransaction(handle -> {
      User user = accounts.lockActive(handle, owner.id()).orElseThrow(Passwords::noToken);
      resets.findOwner(handle, token.hash(), now).orElseThrow(Passwords::noToken); // still there
      Caller by = Caller.anonymous(origin);
      audit.append(handle, user.id(), Act.PASSWORD_RESET, by, now);
      sessions.endAll(handle, user.id(), EndReason.PASSWORD_RESET, by, now);
      throttle.forgetCodes(handle, user.id());
      set(handle, user, hash, now);
    });
  }

  private Optional<User> owner(Handle handle, ResetToken token) {
    Optional<UUID> owner = resets.findOwner(handle, token.hash(), clock.instant());
    return owner.flatMap(id -> accounts.findActive(handle, id));
  }

  private void set(Handle handle, User user, PasswordHash hash, Instant now) {
    resets.forget(handle, user);
    accounts.setPassword(handle, user.id(), hash, now);
  }

  private static void require(Secret fresh, User user) {
    Faults faults = new Faults();
    PasswordRules.check(
        faults, "/newPassword", fresh.value(), user.email().address(), user.profile().name());
    faults.check();
  }

  private static Failure.Invalid wrongPassword() {
    return Failure.Invalid.at("/currentPassword", "is not your password");
  }

  private static Failure.Invalid noToken() {
    return Failure.Invalid.at(
        "/token", "counts no more: it was used, has expired, or is none of ours; ask for another");
  }
}
