package com.telconova.auth.account;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.auth.account.AccountRepository.Row;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.password.PasswordHash;
import com.telconova.auth.password.PasswordHasher;
import com.telconova.auth.throttle.Attempt;
import com.telconova.auth.throttle.Purpose;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.event.NewEvent;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.http.Page;
import com.telconova.shared.problem.Failure;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// Creates, finds and changes accounts, and checks their passwords. Passwords are hashed with no
/// connection held: that takes longer than anything the database does. Thread-safe.
public final class Accounts {
  private final Clock clock;
  private final Database database;
  private final PasswordHasher hasher;
  private final Throttle throttle;
  private final AuditTrail audit;
  private final Outbox outbox;
  private final AccountRepository repository = new AccountRepository();

  /// What a new account is made of.
  public record NewAccount(Email email, Secret password, Profile profile, UserRole role) {}

  /// Which accounts to list.
  ///
  /// @param role only those in this role; null for all
  /// @param active only the active ones, or only the others; null for all
  public record Filter(UserRole role, Boolean active) {}

  /// What became of a password that somebody sent.
  public sealed interface Authentication {}

  /// Somebody who sent the right password.
  ///
  /// @param checked the hash that it matched
  /// @param renewed the same password hashed with today's parameters; empty when it already is
  public record Authenticated(UUID userId, PasswordHash checked, Optional<PasswordHash> renewed)
      implements Authentication {}

  /// Somebody who is not let in, and not told why.
  ///
  /// @param userId at whose account they tried; empty when there is none
  public record Refused(Optional<UUID> userId, Reason reason) implements Authentication {
    /// Why not.
    public enum Reason {
      UNKNOWN,
      PASSWORD,
      INACTIVE
    }
  }

  private record PasswordChanged(UUID userId) {}

  public Accounts(
      Clock clock,
      Database database,
      PasswordHasher hasher,
      Throttle throttle,
      AuditTrail audit,
      Outbox outbox) {
    this.clock = clock;
    this.database = database;
    this.hasher = hasher;
    this.throttle = throttle;
    this.audit = audit;
    this.outbox = outbox;
  }

  /// Creates an active account for whoever asks; publishes `user.registered`. Who finds out that
  /// addresses have accounts can do so only so often.
  ///
  /// @throws Failure.Conflict when the e-mail address has an account already
  /// @throws Failure.TooManyRequests when there were too many of those before
  public User register(NewAccount account, Origin origin) {
    return admit(() -> registerAdmitted(account, origin));
  }

  private User registerAdmitted(NewAccount account, Origin origin) {
    Attempt attempt =
        throttle.begin(Purpose.REGISTER, account.email().address(), origin.address(), _ -> {});
    return throttle.during(
        attempt,
        () ->
            create(
                account, Caller.anonymous(origin), handle -> throttle.succeeded(handle, attempt)));
  }

  /// Creates an active account; publishes `user.registered`.
  ///
  /// @throws Failure.Conflict when the address has an account already
  public User create(NewAccount account, Caller caller) {
    return create(account, caller, _ -> {});
  }

  private User create(NewAccount account, Caller caller, Consumer<Handle> also) {
    if (database.read(handle -> repository.findByEmail(handle, account.email())).isPresent()) {
      throw known();
    }
    Row row = prepare(account);
    try {
      database.useTransaction(handle -> {
        insert(handle, row, caller);
        also.accept(handle);
      });
    } catch (JdbiException e) {
      if (DatabaseFaults.violates(e, AccountRepository.UNIQUE_EMAIL)) {
        throw known(); // somebody was faster
      }
      throw e;
    }
    return row.user();
  }

  /// @throws Failure.NotFound when there is none
  public User get(UUID id) {
    return database
        .read(handle -> repository.find(handle, id))
        .orElseThrow(() -> new Failure.NotFound("There is no user with this id."));
  }

  /// Newest first.
  public Page<User> list(Filter filter, Page.Request request) {
    return Page.of(
        database.read(handle -> repository.list(handle, filter, request)),
        request,
        user -> new Page.Cursor(user.createdAt(), user.id()));
  }

  /// Changes a profile; publishes `user.updated` if it is another one then.
  ///
  /// @param change gets the profile as it is
  /// @throws Failure.NotFound when there is no such user
  public User changeProfile(UUID id, UnaryOperator<Profile> change) {
    Instant now = clock.instant();
    return database.inTransaction(handle -> {
      User user = lock(handle, id);
      User changed = user.with(change.apply(user.profile()));
      if (!changed.equals(user)) {
        update(handle, changed, now);
      }
      return changed;
    });
  }

  /// The user as of now and until the transaction ends.
  ///
  /// @throws Failure.NotFound when there is none
  public User lock(Handle handle, UUID id) {
    return repository
        .lock(handle, id)
        .map(Row::user)
        .orElseThrow(() -> new Failure.NotFound("There is no user with this id."));
  }

  /// Keeps what a locked user has become; publishes `user.updated`.
  public void update(Handle handle, User changed, Instant now) {
    repository.update(handle, changed, now);
    outbox.append(handle, changed.id(), now, NewEvent.of("user.updated", UserData.of(changed)));
  }

  /// Makes the transaction the only one that may change who is ADMIN; before any user is locked.
  public void lockAdmins(Handle handle) {
    repository.lockAdmins(handle);
  }

  /// Whether somebody but this one is an ADMIN and active.
  public boolean anyOtherActiveAdmin(Handle handle, UUID id) {
    return repository.anyOtherActiveAdmin(handle, id);
  }

  /// Does something that checks or makes a password, as long as there is a place for that.
  ///
  /// @throws Failure.Unavailable when too many are at it already
  public <T> T admit(Supplier<T> work) {
    return hasher.admit(work);
  }

  /// Checks a password. Takes as long for an unknown address as for a wrong password; says no to an
  /// inactive account just the same.
  ///
  /// @param email as it was typed
  public Authentication authenticate(String email, Secret password) {
    Optional<Row> found =
        Email.find(email)
            .flatMap(known -> database.read(handle -> repository.findByEmail(handle, known)));
    if (found.isEmpty()) {
      hasher.pretend(password);
      return new Refused(Optional.empty(), Refused.Reason.UNKNOWN);
    }
    Row row = found.get();
    if (!hasher.matches(password, row.passwordHash())) {
      return new Refused(Optional.of(row.user().id()), Refused.Reason.PASSWORD);
    }
    if (!row.user().active()) {
      return new Refused(Optional.of(row.user().id()), Refused.Reason.INACTIVE);
    }
    Optional<PasswordHash> renewed =
        hasher.isOutdated(row.passwordHash())
            ? Optional.of(hasher.hash(password))
            : Optional.empty();
    return new Authenticated(row.user().id(), row.passwordHash(), renewed);
  }

  /// Whose account an address is, active or not.
  ///
  /// @param email as it was typed
  public Optional<UUID> findOwner(Handle handle, String email) {
    return Email.find(email)
        .flatMap(known -> repository.findByEmail(handle, known))
        .map(row -> row.user().id());
  }

  /// Checks the password of somebody who is known.
  public Optional<Authenticated> authenticate(UUID id, Secret password) {
    return database
        .read(handle -> repository.findWithHash(handle, id))
        .filter(row -> hasher.matches(password, row.passwordHash()))
        .map(row -> new Authenticated(id, row.passwordHash(), Optional.empty()));
  }

  /// The user who authenticated, as of now and until the transaction ends; empty when their
  /// password was changed or their account deactivated since. Keeps the renewed hash.
  public Optional<User> confirm(Handle handle, Authenticated authenticated) {
    Optional<User> confirmed =
        repository
            .lock(handle, authenticated.userId())
            .filter(row -> row.passwordHash().equals(authenticated.checked()))
            .map(Row::user)
            .filter(User::active);
    if (confirmed.isPresent()) {
      authenticated
          .renewed()
          .ifPresent(hash -> repository.updatePasswordHash(handle, authenticated.userId(), hash));
    }
    return confirmed;
  }

  /// The user with this id if they may use the system.
  public Optional<User> findActive(Handle handle, UUID id) {
    return repository.find(handle, id).filter(User::active);
  }

  /// The user with this address if they may use the system.
  public Optional<User> findActive(Handle handle, Email email) {
    return repository.findByEmail(handle, email).map(Row::user).filter(User::active);
  }

  /// Sets the password of a locked user; publishes `user.password.changed`.
  public void setPassword(Handle handle, UUID id, PasswordHash hash, Instant now) {
    repository.updatePasswordHash(handle, id, hash);
    outbox.append(handle, id, now, NewEvent.of("user.password.changed", new PasswordChanged(id)));
  }

  /// As [#findActive], and nobody else changes the account until the transaction ends.
  public Optional<User> lockActive(Handle handle, UUID id) {
    return repository.lock(handle, id).map(Row::user).filter(User::active);
  }

  /// Hashes the password; to be done before [#insert], outside any transaction.
  Row prepare(NewAccount account) {
    PasswordHash hash = hasher.hash(account.password());
    User user =
        new User(
            UuidCreator.getTimeOrderedEpoch(),
            account.email(),
            account.profile(),
            account.role(),
            true,
            clock.instant());
    return new Row(user, hash);
  }

  void insert(Handle handle, Row row, Caller caller) {
    User user = row.user();
    repository.insert(handle, row);
    audit.append(
        handle,
        user.id(),
        Act.ACCOUNT_REGISTERED,
        caller,
        user.createdAt(),
        Map.of("role", user.role().name()));
    outbox.append(
        handle, user.id(), user.createdAt(), NewEvent.of("user.registered", UserData.of(user)));
  }

  private static Failure.Conflict known() {
    return new Failure.Conflict("This e-mail address has an account already.");
  }
}
