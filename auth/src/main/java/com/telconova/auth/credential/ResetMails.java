package com.telconova.auth.credential;

import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.Email;
import com.telconova.auth.account.User;
import com.telconova.auth.audit.Act;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.auth.key.MasterKey;
import com.telconova.auth.session.TokenMint;
import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.Periodic;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.trace.Span;
import com.telconova.shared.trace.Tracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has a mail sent to everybody who asked for a new password. Asked by REST, so that its secret
/// travels on no bus; kept until tracking took it, and given up after a day.
///
/// Whether an address has an account is looked up here, after the answer: who asks learns nothing
/// from it, nor from its time. Thread-safe, on any number of instances.
public final class ResetMails implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ResetMails.class);
  private static final String LABEL = "microflow auth reset-token 1";
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final Duration KEPT = Duration.ofDays(1);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final int MAX_TOKENS = 3;
  private static final int BATCH = 100;

  private final Clock clock;
  private final Database database;
  private final Accounts accounts;
  private final AuditTrail audit;
  private final TokenMint mint;
  private final ServiceClient tracking;
  private final Tracing tracing;
  private final SecretKey key;
  private final ResetRepository repository = new ResetRepository();
  private final Periodic periodic;

  /// What tracking's `POST /notifications/send` takes.
  private record Mail(UUID userId, String template, Parameters parameters, List<String> channels) {
    static Mail of(User user, ResetToken token, Instant expires) {
      return new Mail(
          user.id(), "password.reset", new Parameters(token.text(), expires), List.of("EMAIL"));
    }

    @Override
    public String toString() {
      return "Mail[***]";
    }
  }

  private record Parameters(String token, Instant expiresAt) {}

  /// A request that was taken, and what to send for it; empty when nothing is.
  private record Claim(ResetRequest request, Optional<Mail> mail) {}

  public ResetMails(
      Clock clock,
      Database database,
      Accounts accounts,
      AuditTrail audit,
      TokenMint mint,
      MasterKey master,
      ServiceClient tracking,
      Tracing tracing) {
    this.clock = clock;
    this.database = database;
    this.accounts = accounts;
    this.audit = audit;
    this.mint = mint;
    this.tracking = tracking;
    this.tracing = tracing;
    this.key = master.derive(LABEL, "HmacSHA256");
    this.periodic = Periodic.start("reset-mails", PAUSE, this::pass);
  }

  /// Notes that somebody asked; the same work for every address, known or not.
  void request(Handle handle, Email email, Origin origin, Instant now) {
    repository.insertRequest(handle, UuidCreator.getTimeOrderedEpoch(), email, origin, now);
    handle.afterCommit(periodic::wake);
  }

  /// Sends what is due, one after another, until there is no more or tracking is away.
  public void pass() {
    database.inBackground(handle -> {
      cleanUp(handle);
      return null;
    });
    for (int n = 0; n < BATCH; n++) {
      Optional<Claim> claim = database.inBackground(this::claim);
      if (claim.isEmpty() || !send(claim.get())) {
        return;
      }
    }
    periodic.wake();
  }

  @Override
  public void close() {
    periodic.close();
  }

  private void cleanUp(Handle handle) {
    Instant now = clock.instant();
    int givenUp = repository.deleteRequests(handle, now.minus(KEPT));
    if (givenUp > 0) {
      log.error("Gave up {} mail(s) for new passwords: tracking took none for a day", givenUp);
    }
    repository.deleteExpiredTokens(handle, now);
  }

  private Optional<Claim> claim(Handle handle) {
    Instant now = clock.instant();
    return repository
        .claim(handle, now, now.plus(LIFETIME.dividedBy(2)), now.plus(LIFETIME))
        .map(request -> new Claim(request, mail(handle, request, now)));
  }

  /// Makes the token good before it goes out. An address that is nobody's, and one that has as many
  /// mails as anybody can need, get none.
  private Optional<Mail> mail(Handle handle, ResetRequest request, Instant now) {
    ResetToken token = ResetToken.of(request, key);
    Optional<User> user =
        accounts
            .findActive(handle, request.email())
            .filter(found ->
                repository.countOthers(handle, found.id(), token.hash(), now) < MAX_TOKENS);
    if (user.isEmpty()) {
      repository.deleteRequest(handle, request.id());
    } else {
      repository.insertToken(handle, token.hash(), user.get().id(), request.expiresAt());
      if (request.first()) {
        Caller by = Caller.anonymous(request.origin());
        audit.append(handle, user.get().id(), Act.PASSWORD_RESET_REQUESTED, by, now);
      }
    }
    return user.map(found -> Mail.of(found, token, request.expiresAt()));
  }

  /// @return false when tracking is away, and the others may wait
  private boolean send(Claim claim) {
    if (claim.mail().isEmpty()) {
      return true;
    }
    ResetRequest request = claim.request();
    String round = request.id() + "." + request.expiresAt().getEpochSecond();
    Span span = tracing.begin(Span.Kind.INTERNAL, "send reset mail", request.traceparent());
    try (Span.Scope _ = span.enter()) {
      int status =
          tracking.post("/notifications/send", mint.serviceToken(), claim.mail().get(), round);
      if (status / 100 == 2) {
        database.inBackground(handle -> {
          repository.deleteRequest(handle, request.id());
          return null;
        });
      } else {
        log.warn("tracking answered {} to the mail of reset request {}", status, request.id());
      }
      return true;
    } catch (Failure.Unavailable e) {
      span.fail(e);
      return false; // logged where it was asked
    } finally {
      span.end();
    }
  }
}
