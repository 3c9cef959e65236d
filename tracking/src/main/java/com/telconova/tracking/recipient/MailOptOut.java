package com.telconova.tracking.recipient;

import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// What somebody unsubscribed from, by the link in a mail.
///
/// @param token what the links in this person's mails know them by: random, so that nobody guesses
///   another's
/// @param events the types of event they want no mail of; [#EVERYTHING] stands for all
public record MailOptOut(UUID token, Set<String> events) {
  public static final String EVERYTHING = "*";

  public MailOptOut {
    Objects.requireNonNull(token, "token");
    events = Set.copyOf(events);
  }

  boolean covers(String event) {
    return events.contains(event) || events.contains(EVERYTHING);
  }
}
