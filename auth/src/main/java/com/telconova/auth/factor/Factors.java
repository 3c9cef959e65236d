package com.telconova.auth.factor;

import com.telconova.auth.account.User;
import com.telconova.auth.account.UserRole;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.factor.FactorRepository.Row;
import com.telconova.auth.key.KeySeal;
import com.telconova.auth.key.MasterKey;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.problem.Failure;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;

/// Keeps second factors and checks their codes, in the transaction of somebody who holds the user's
/// row: so of two who send the same code at once, one gets in. Thread-safe.
public final class Factors {
  private static final String SECRET_LABEL = "microflow auth totp-secret encryption 1";
  private static final String CODE_LABEL = "microflow auth recovery-code 1";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int RECOVERY_CODES = 10;

  private final Set<UserRole> required;
  private final KeySeal seal;
  private final SecretKey codeKey;
  private final Throttle throttle;
  private final AuditTrail audit;
  private final SecureRandom random = new SecureRandom();
  private final FactorRepository repository = new FactorRepository();

  /// A user's factor, as they may see it.
  ///
  /// @param enrolledAt empty when they have none
  /// @param recoveryCodesLeft how many were not used
  /// @param required whether their role takes one
  public record State(Optional<Instant> enrolledAt, int recoveryCodesLeft, boolean required) {}

  /// @param required the roles that do not get in without a second factor
  public Factors(Set<UserRole> required, MasterKey master, Throttle throttle, AuditTrail audit) {
    this.required = Set.copyOf(required);
    this.seal = new KeySeal(master, SECRET_LABEL);
    this.codeKey = master.derive(CODE_LABEL, "HmacSHA256");
    this.throttle = throttle;
    this.audit = audit;
  }

  /// What a user has.
  public State state(Handle handle, User user) {
    return new State(
        repository.find(handle, user.id()).flatMap(Row::confirmedAt),
        repository.countCodes(handle, user.id()),
        isRequired(user));
  }

  /// Whether this user's role takes a second factor.
  public boolean isRequired(User user) {
    return required.contains(user.role());
  }

  /// Whether this user is asked for a code.
  public boolean isActive(Handle handle, UUID user) {
    return repository.isConfirmed(handle, user);
  }

  /// Whether this user would not get in as they are.
  public boolean isMissing(Handle handle, User user) {
    return isRequired(user) && !isActive(handle, user.id());
  }

  /// Begins to enrol a user who has no factor: it is not asked for before it is confirmed. Always
  /// with a new secret, so that nobody learns one that somebody else is about to confirm.
  public Enrolment begin(Handle handle, User user, Instant now) {
    Totp totp = Totp.random(random);
    repository.start(handle, user.id(), seal.close(user.id().toString(), totp.secret()), now);
    return new Enrolment(totp.text(), totp.uri(user.email().address()), now.plus(PATIENCE));
  }

  /// Whether an enrolment of this user waits for its first code.
  public boolean isBegun(Handle handle, User user, Instant now) {
    return begun(handle, user, now).isPresent();
  }

  /// Asks for codes from now on, if this is the first.
  ///
  /// @return the recovery codes; empty when the code is wrong or nothing was begun
  public Optional<List<String>> confirm(
      Handle handle, User user, String code, Caller caller, Instant now) {
    Optional<Row> begun = begun(handle, user, now);
    OptionalLong step =
        begun.isPresent() ? totp(user, begun.get()).match(code, now, 0) : OptionalLong.empty();
    if (step.isEmpty()) {
      return Optional.empty();
    }
    repository.confirm(handle, user.id(), step.getAsLong(), now);
    audit.append(handle, user.id(), Act.TOTP_ENROLLED, caller, now);
    return Optional.of(newRecoveryCodes(handle, user));
  }

  /// Replaces the recovery codes.
  public List<String> renewRecoveryCodes(Handle handle, User user, Caller caller, Instant now) {
    audit.append(handle, user.id(), Act.RECOVERY_CODES_RENEWED, caller, now);
    return newRecoveryCodes(handle, user);
  }

  /// Asks for no codes any more.
  ///
  /// @return whether any were asked for
  public boolean remove(Handle handle, UUID user, Caller caller, Instant now) {
    boolean removed = repository.delete(handle, user);
    if (removed) {
      audit.append(handle, user, Act.TOTP_DISABLED, caller, now);
    }
    return removed;
  }

  /// Takes a code of a user's device, once.
  ///
  /// @throws Failure.TooManyRequests when too many were wrong before
  public boolean takeCode(Handle handle, User user, String code, Instant now) {
    Optional<Row> row =
        repository.find(handle, user.id()).filter(found -> found.confirmedAt().isPresent());
    if (row.isEmpty()) {
      return false;
    }
    throttle.beginCode(handle, user.id());
    OptionalLong step = totp(user, row.get()).match(code, now, row.get().lastStep());
    boolean taken = step.isPresent() && repository.take(handle, user.id(), step.getAsLong());
    if (taken) {
      throttle.codeSucceeded(handle, user.id());
    }
    return taken;
  }

  /// Takes a code of a user's device or one from their paper, once. Codes from the paper are taken
  /// however many others were wrong: nobody guesses them, and they help out whoever's codes
  /// somebody else uses up.
  ///
  /// @throws Failure.TooManyRequests when too many were wrong before
  public Optional<Proof> take(Handle handle, User user, String code, Caller caller, Instant now) {
    Optional<RecoveryCode> recovery = RecoveryCode.find(code);
    if (recovery.isPresent()) {
      return takeRecoveryCode(handle, user, recovery.get(), caller, now)
          ? Optional.of(Proof.RECOVERY_CODE)
          : Optional.empty();
    }
    return Totp.isCode(code) && takeCode(handle, user, code, now)
        ? Optional.of(Proof.CODE)
        : Optional.empty();
  }

  /// What becomes of a login whose password was right.
  ///
  /// @param code as it was typed; null when none was
  /// @throws Failure.TooManyRequests when too many were wrong before
  public Verdict check(Handle handle, User user, String code, Caller caller, Instant now) {
    if (isActive(handle, user.id())) {
      if (code == null) {
        return new Verdict.CodeMissing();
      }
      return take(handle, user, code, caller, now)
          .<Verdict>map(proof -> new Verdict.Passed(proof, List.of()))
          .orElseGet(Verdict.CodeWrong::new);
    }
    if (!isRequired(user)) {
      return new Verdict.Passed(Proof.PASSWORD, List.of());
    }
    if (code == null || !isBegun(handle, user, now)) {
      return new Verdict.MustEnrol(begin(handle, user, now));
    }
    return confirm(handle, user, code, caller, now)
        .<Verdict>map(codes -> new Verdict.Passed(Proof.CODE, codes))
        .orElseGet(Verdict.CodeWrong::new);
  }

  private boolean takeRecoveryCode(
      Handle handle, User user, RecoveryCode code, Caller caller, Instant now) {
    boolean taken = repository.takeCode(handle, user.id(), code.hash(user.id(), codeKey), now);
    if (taken) {
      audit.append(handle, user.id(), Act.RECOVERY_CODE_USED, caller, now);
    }
    return taken;
  }

  private Optional<Row> begun(Handle handle, User user, Instant now) {
    return repository
        .find(handle, user.id())
        .filter(row -> row.confirmedAt().isEmpty())
        .filter(row -> now.isBefore(row.startedAt().plus(PATIENCE)));
  }

  private Totp totp(User user, Row row) {
    return new Totp(
        seal.open(user.id().toString(), row.sealed())
            .orElseThrow(() ->
                new IllegalStateException("the second factor of " + user.id() + " is damaged")));
  }

  private List<String> newRecoveryCodes(Handle handle, User user) {
    List<RecoveryCode> codes =
        Stream.generate(() -> RecoveryCode.random(random)).limit(RECOVERY_CODES).toList();
    repository.replaceCodes(
        handle, user.id(), codes.stream().map(code -> code.hash(user.id(), codeKey)).toList());
    return codes.stream().map(RecoveryCode::text).toList();
  }
}
