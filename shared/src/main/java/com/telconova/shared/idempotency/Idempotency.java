package com.telconova.shared.idempotency;

import com.telconova.shared.database.Database;
import com.telconova.shared.json.Json;
import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Function;
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
  private static final String FINGERPRINT = "microflow.fingerprint";

  private final Database database;
  private final AnswerRepository answers = new AnswerRepository();

  public Idempotency(Database database) {
    this.database = database;
  }

  /// The same route, once per key; without a key, the route itself.
  ///
  /// @param route takes a JSON body and writes its answer before it returns
  public Handler once(Handler route) {
    return once(route, Json::bytes);
  }

  /// The same for a body that is not kept as it came, such as a form with a file.
  ///
  /// @param route says by [#note] what tells the body from others
  /// @param reader reads the body of a request that was answered before, and returns the same
  public Handler once(Handler route, Function<Context, byte[]> reader) {
    return ctx -> {
      String key = ctx.header(Attempt.HEADER);
      if (key == null) {
        route.handle(ctx);
      } else {
        once(ctx, Attempt.of(ctx, key), route, reader);
      }
    };
  }

  /// What tells the body of this request from others, where the route has read it and nobody can
  /// read it again.
  public static void note(Context ctx, byte[] fingerprint) {
    ctx.attribute(FINGERPRINT, fingerprint);
  }

  private void once(Context ctx, Attempt attempt, Handler route, Function<Context, byte[]> reader)
      throws Exception {
    Optional<AnswerRepository.Kept> earlier =
        database.read(handle -> answers.find(handle, attempt));
    if (earlier.isPresent()) {
      replay(ctx, earlier.get(), attempt.hash(reader.apply(ctx)));
      return;
    }
    try {
      database.joined(
          handle -> claim(handle, ctx, attempt),
          () -> route.handle(ctx),
          handle -> answers.insert(handle, attempt, kept(ctx, attempt, reader)));
    } catch (Exception e) {
      Answer.withdraw(ctx);
      throw e;
    }
  }

  private static AnswerRepository.Kept kept(
      Context ctx, Attempt attempt, Function<Context, byte[]> reader) {
    byte[] noted = ctx.attribute(FINGERPRINT);
    byte[] hash = attempt.hash(noted == null ? reader.apply(ctx) : noted);
    return new AnswerRepository.Kept(hash, Answer.of(ctx));
  }

  private static void replay(Context ctx, AnswerRepository.Kept earlier, byte[] hash) {
    if (!MessageDigest.isEqual(earlier.requestHash(), hash)) {
      throw Failure.Invalid.at(
          "", "is not what was sent under this " + Attempt.HEADER + " before; take a new key");
    }
    earlier.answer().replay(ctx);
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
