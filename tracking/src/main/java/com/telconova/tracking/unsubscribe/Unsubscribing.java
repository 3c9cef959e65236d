package com.telconova.tracking.unsubscribe;

import com.telconova.shared.database.Database;
import com.telconova.shared.problem.Failure;
import com.telconova.tracking.recipient.Recipient;
import com.telconova.tracking.recipient.RecipientRepository;
import java.time.Clock;
import java.util.UUID;

/// Takes back a person's consent to mail. Whoever has the link may: it came in the person's mail.
public final class Unsubscribing {
  private final Clock clock;
  private final Database database;
  private final RecipientRepository recipients = new RecipientRepository();

  public Unsubscribing(Clock clock, Database database) {
    this.clock = clock;
    this.database = database;
  }

  /// Whose link this is.
  ///
  /// @throws Failure.NotFound when it is nobody's
  Recipient find(UUID token) {
    return database
        .read(handle -> recipients.findByToken(handle, token))
        .orElseThrow(Unsubscribing::notFound);
  }

  /// Sends no more mail of a type of event. Idempotent.
  ///
  /// @param event a type, or everything
  /// @throws Failure.NotFound when the link is nobody's
  Recipient unsubscribe(UUID token, String event) {
    return database.inTransaction(handle -> {
      Recipient recipient =
          recipients.findByToken(handle, token).orElseThrow(Unsubscribing::notFound);
      recipients.unsubscribe(handle, recipient.userId(), event, clock.instant());
      return recipient;
    });
  }

  private static Failure.NotFound notFound() {
    return new Failure.NotFound("This link is not valid; change your preferences in your profile.");
  }
}
