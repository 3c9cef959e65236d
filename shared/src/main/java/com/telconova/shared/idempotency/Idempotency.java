package com.telconova.shared.idempotency;

import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.security.MessageDigest;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Lets a request that creates something be sent again without creating it again: header
/// `Idempotency-Key`, after draft-ietf-httpapi-idempotency-key-header.
///
/// For 24 hours the same caller, sending the same body to the same path under the same key, gets
/// the first answer again, with `Idempotency-Replayed: true`; another body 422; while the first is
/// still running 409. A request that failed leaves its key free.
///
/// The effect and the answer commit in one transaction ([Database#joined]): a crash leaves both or
/// neither, and the key of a process that died is free at once, for its lock dies with its
/// connection.
public final class Idempotency {
  private final Database database;
  private final AnswerRepository answers = new AnswerRepository();

  public Idempotency(Database database) {
    this.database = database;
  }

  /// The same route, once per key; without a key, the route itself.
  ///
  /// @param route takes a JSON body and writes its answer before it returns
  public Handler once(Handler route) {
    return ctx -> {
      String key = ctx.header(Attempt.HEADER);
      if (key == null) {
        route.handle(ctx);
      } else {
        once(ctx, Attempt.of(ctx, key), route);
      }
    };
  }

  private void once(Context ctx, Attempt attempt, Handler route) throws Exception {
    Optional<Answer> earlier = database.read(handle -> earlier(handle, attempt));
    if (earlier.isPresent()) {
      earlier.get().replay(ctx);
      return;
    }
    try {
      database.joined(
          handle -> claim(handle, ctx, attempt),
          () -> route.handle(ctx),
          handle -> answers.insert(handle, attempt, Answer.of(ctx)));
    } catch (Exception e) {
      Answer.withdraw(ctx);
      throw e;
    }
  }

  private Optional<Answer> earlier(Handle handle, Attempt attempt) {
    Optional<AnswerRepository.Kept> kept = answers.find(handle, attempt);
    if (kept.isPresent() && !MessageDigest.isEqual(kept.get().requestHash(), attempt.hash())) {
      throw Failure.Invalid.at(
          "", "is not what was sent under this " + Attempt.HEADER + " before; take a new key");
    }
    return kept.map(AnswerRepository.Kept::answer);
  }

  /// The lock first, then the look: whoever held it before has committed by then.
  private void claim(Handle handle, Context ctx, Attempt attempt) {
    if (!answers.tryLock(handle, attempt) || answers.find(handle, attempt).isPresent()) {
      ctx.header("Retry-After", "1");
      throw new Failure.Conflict(
          "A request with this " + Attempt.HEADER + " is still running; ask again for its answer.");
    }
  }
}
