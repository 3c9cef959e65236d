package com.telconova.auth.password;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is kept of a password: the hash with the parameters and the salt that made it, as a PHC
/// string such as `$argon2id$v=19$m=12288,t=3,p=1$<salt>$<hash>`. It carries its parameters, so
/// that new hashes can take others while the old ones still count.
///
/// @param phc not secret as a password is, and never shown all the same
public record PasswordHash(String phc) {
  private static final Pattern FORMAT =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([1-9][0-9]{0,6}),t=([1-9][0-9]?),p=([1-9][0-9]?)"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  /// @throws IllegalArgumentException when it is no PHC string of Argon2id, version 19
  public PasswordHash {
    if (!FORMAT.matcher(phc).matches()) {
      throw new IllegalArgumentException("not a PHC string of Argon2id");
    }
  }

  static PasswordHash of(Argon2id argon, byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return new PasswordHash(
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                argon.memoryKib(),
                argon.iterations(),
                argon.lanes(),
                base64.encodeToString(salt),
                base64.encodeToString(hash)));
  }

  /// The parameters that made it.
  Argon2id argon() {
    Matcher parts = parts();
    return new Argon2id(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  byte[] salt() {
    return Base64.getDecoder().decode(parts().group(4));
  }

  byte[] hash() {
    return Base64.getDecoder().decode(parts().group(5));
  }

  @Override
  public String toString() {
    return "***";
  }

  private Matcher parts() {
    Matcher matcher = FORMAT.matcher(phc);
    matcher.matches();
    return matcher;
  }
}
