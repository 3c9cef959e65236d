package com.telconova.auth.account;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An e-mail address as accounts are known by: trimmed, lower case, up to 254 characters.
///
/// The form is that of the WHATWG's `<input type=email>`, with at least one dot in the domain: what
/// people have and forms accept, not all that RFC 5322 allows. Whether somebody reads it, only a
/// mail can tell.
public record Email(String address) {
  /// What [#find] takes, in words.
  public static final String RULE =
      "takes an e-mail address such as ana@example.com, up to 254 characters";

  private static final int MAX_LENGTH = 254;
  private static final Pattern FORMAT =
      Pattern.compile(
          "(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
              + "@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]");

  /// @throws IllegalArgumentException when it is not normalised or no address
  public Email {
    if (address.length() > MAX_LENGTH || !FORMAT.matcher(address).matches()) {
      throw new IllegalArgumentException("no e-mail address");
    }
  }

  /// Normalises what somebody typed; empty when it is no address.
  public static Optional<Email> find(String typed) {
    String address = typed.strip().toLowerCase(Locale.ROOT);
    return address.length() <= MAX_LENGTH && FORMAT.matcher(address).matches()
        ? Optional.of(new Email(address))
        : Optional.empty();
  }
}
