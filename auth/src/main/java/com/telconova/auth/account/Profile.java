package com.telconova.auth.account;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an account's owner may change about it.
///
/// @param name 1 to 200 characters, without line breaks or other control characters
/// @param phone E.164, such as `+573001234567`
/// @param language in which to write to them
/// @param timeZone in which to tell them times
/// @param preferences how to tell them of things
public record Profile(
    String name,
    Optional<String> phone,
    Language language,
    ZoneId timeZone,
    NotificationPreferences preferences) {
  /// How many characters (code points) a name may have.
  public static final int MAX_NAME = 200;

  /// One line: a name goes into mail headers and log lines.
  public static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\u2028\\u2029]*");

  /// E.164: a plus sign, a country code, 7 to 15 digits in all.
  public static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");

  /// Where most of our users are.
  public static final ZoneId DEFAULT_TIME_ZONE = ZoneId.of("America/Bogota");

  /// A language that we have texts in.
  public enum Language {
    ES,
    EN;

    /// As in a request or the database: `es`, `en`.
    public String tag() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// The language with this tag, exactly.
    public static Optional<Language> find(String tag) {
      return Arrays.stream(values()).filter(language -> language.tag().equals(tag)).findFirst();
    }
  }

  public Profile {
    if (name.isBlank() || name.codePointCount(0, name.length()) > MAX_NAME) {
      throw new IllegalArgumentException("a name has 1 to " + MAX_NAME + " characters");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a name has no control characters");
    }
    if (!phone.map(number -> PHONE.matcher(number).matches()).orElse(true)) {
      throw new IllegalArgumentException("a phone number is E.164");
    }
  }
}
