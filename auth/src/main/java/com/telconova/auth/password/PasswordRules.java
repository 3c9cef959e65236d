package com.telconova.auth.password;

import com.nulabinc.zxcvbn.StandardDictionaries;
import com.telconova.shared.problem.Faults;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which new passwords are taken: long enough, not among the common ones, and not the account's own
/// name. No rule on kinds of characters: those make passwords worse (NIST SP 800-63B §3.1.1.2).
public final class PasswordRules {
  /// How many characters (code points) a password has at least.
  public static final int MIN = 8;

  /// How many it has at most, so that hashing stays bounded.
  public static final int MAX = 128;

  private static final String MORE = "common-passwords.txt";
  private static final Pattern ORNAMENT = Pattern.compile("^[^\\p{L}]+|[^\\p{L}]+$");
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private static final Set<String> COMMON = load();

  private PasswordRules() {}

  /// Adds what is wrong with a new password to `faults`.
  ///
  /// @param email,name the account's own; either may be null
  public static void check(
      Faults faults, String pointer, String password, String email, String name) {
    faults.present(pointer, password);
    if (password == null) {
      return;
    }
    int length = password.codePointCount(0, password.length());
    faults.require(
        length >= MIN && length <= MAX, pointer, "takes " + MIN + " to " + MAX + " characters");
    String plain = plain(password);
    faults.require(
        !COMMON.contains(plain) && !isRun(plain),
        pointer,
        "is among the first that an attacker tries; take another");
    faults.require(
        !isOwn(plain, email, name),
        pointer,
        "must not be your e-mail address or name; take another");
  }

  /// zxcvbn's lists of leaked passwords and of names, some ten thousand of them long enough, and
  /// more of our own.
  private static Set<String> load() {
    try (BufferedReader more =
        new BufferedReader(
            new InputStreamReader(
                PasswordRules.class.getResourceAsStream(MORE), StandardCharsets.UTF_8))) {
      return Stream.of(
              StandardDictionaries.PASSWORDS_LOADER.load().getFrequencies().stream(),
              StandardDictionaries.MALE_NAMES_LOADER.load().getFrequencies().stream(),
              StandardDictionaries.FEMALE_NAMES_LOADER.load().getFrequencies().stream(),
              StandardDictionaries.SURNAMES_LOADER.load().getFrequencies().stream(),
              more.lines().filter(line -> !line.startsWith("#")))
          .flatMap(list -> list)
          .filter(word -> word.length() >= MIN)
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether each character follows the one before by the same step of -1, 0 or 1: `12345678`,
  /// `hgfedcba`, `zzzzzzzz`.
  private static boolean isRun(String text) {
    int[] characters = text.codePoints().toArray();
    if (characters.length < 2) {
      return false;
    }
    int step = characters[1] - characters[0];
    for (int at = 2; at < characters.length; at++) {
      if (characters[at] - characters[at - 1] != step) {
        return false;
      }
    }
    return Math.abs(step) <= 1;
  }

  /// Whether it is the address, the part before its `@`, or the name, give or take digits and signs
  /// around it.
  private static boolean isOwn(String password, String email, String name) {
    String address = email == null ? "" : plain(email);
    String person = name == null ? "" : plain(name);
    String bare = bare(password);
    return Stream.of(
            address, address.split("@", 2)[0], person, BLANKS.matcher(person).replaceAll(""))
        .filter(own -> !own.isBlank())
        .anyMatch(own -> own.equals(password) || bare(own).equals(bare));
  }

  private static String plain(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  private static String bare(String text) {
    return ORNAMENT.matcher(text).replaceAll("");
  }
}
