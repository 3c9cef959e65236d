package com.telconova.tracking.notification.mail;

import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// One message to one person.
///
/// Whatever goes into a header has its control characters taken out here, CR and LF above all, so
/// that nobody's name or title can add a header.
///
/// @param id the same at every try, so that a message which comes twice can be recognised
/// @param address of the person
/// @param name of the person
/// @param text plain, lines separated by LF
/// @param unsubscribe where to say that no more of its kind are wanted; empty where nobody may
public record Mail(
    UUID id,
    String address,
    String name,
    Locale locale,
    String subject,
    String text,
    Optional<URI> unsubscribe,
    Instant createdAt) {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]+");

  public Mail {
    Objects.requireNonNull(id, "id");
    address = address.strip();
    name = oneLine(name);
    subject = oneLine(subject);
  }

  /// What the reader is asked before the link.
  String unsubscribeText() {
    return locale.getLanguage().equals("es")
        ? "No quiero más correos de este tipo"
        : "I want no more mails of this kind";
  }

  private static String oneLine(String text) {
    return CONTROL.matcher(text).replaceAll(" ").strip();
  }
}
