package com.telconova.shared.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads settings out of an environment and collects what is wrong with them.
///
/// Each reader returns a usable placeholder on a fault, so that reading goes on and [#check] can
/// name every fault at once. Nothing read here may be used before [#check] has returned.
public final class Settings {
  private static final Pattern CREDENTIALS = Pattern.compile("(?i)@|password|secret|token");

  private final Map<String, String> environment;
  private final List<String> faults = new ArrayList<>();

  private Settings(Map<String, String> environment) {
    this.environment = environment;
  }

  public static Settings of(Map<String, String> environment) {
    return new Settings(Map.copyOf(environment));
  }

  /// A text that must be set and not blank.
  public String text(String name) {
    return parse(name, null, "a text", Function.identity(), "");
  }

  public String text(String name, String fallback) {
    return parse(name, fallback, "a text", Function.identity(), fallback);
  }

  /// A secret that must be set and have at least `minLength` characters; its value is never shown.
  public Secret secret(String name, int minLength) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      faults.add(name + " is not set; it takes a secret of at least " + minLength + " characters");
    } else if (value.length() < minLength) {
      faults.add(
          name + " is too short; it takes a secret of at least " + minLength + " characters");
    }
    return new Secret(value);
  }

  /// A value with a secret in it, such as a URL with a password: it must be set, `read` must
  /// understand it, and it is never shown.
  public <T> T secretValue(String name, String expected, Function<String, T> read) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      faults.add(name + " is not set; it takes " + expected);
      return null;
    }
    try {
      return read.apply(value.strip());
    } catch (RuntimeException e) {
      faults.add(name + " cannot be read; it takes " + expected);
      return null;
    }
  }

  /// A whole number from `min` to `max`, both included.
  public int integer(String name, int fallback, int min, int max) {
    return parse(
        name,
        Integer.toString(fallback),
        "a whole number from " + min + " to " + max,
        value -> {
          int number = Integer.parseInt(value);
          if (number < min || number > max) {
            throw new IllegalArgumentException();
          }
          return number;
        },
        fallback);
  }

  /// A TCP port; 0 lets the operating system choose a free one.
  public int port(String name, int fallback) {
    return integer(name, fallback, 0, 65_535);
  }

  /// A duration in whole seconds, from `min` to `max`, both included.
  public Duration seconds(String name, int fallback, int min, int max) {
    return Duration.ofSeconds(integer(name, fallback, min, max));
  }

  /// An address that must be set, such as `http://auth:8081/.well-known/jwks.json`.
  public URI uri(String name) {
    return parse(
        name, null, "an http or https address", Settings::address, URI.create("http://unset/"));
  }

  /// Any value that `read` understands; `expected` says in words what that is.
  ///
  /// @param fallback what to read when the variable is not set, or null when it must be set
  public <T> T value(String name, String fallback, String expected, Function<String, T> read) {
    return parse(name, fallback, expected, read, null);
  }

  /// @throws InvalidConfiguration naming every fault found so far
  public void check() {
    if (!faults.isEmpty()) {
      throw new InvalidConfiguration(faults);
    }
  }

  private <T> T parse(
      String name, String fallback, String expected, Function<String, T> read, T placeholder) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      if (fallback == null) {
        faults.add(name + " is not set; it takes " + expected);
        return placeholder;
      }
      value = fallback;
    }
    try {
      return read.apply(value.strip());
    } catch (RuntimeException e) {
      faults.add(name + " is " + shown(value) + "; it takes " + expected);
      return placeholder;
    }
  }

  /// A value as it may be shown: an address with credentials in it is none that may.
  private static String shown(String value) {
    return CREDENTIALS.matcher(value).find()
        ? "not shown, for it has credentials in it"
        : "'" + value + "'";
  }

  private static URI address(String value) {
    try {
      URI uri = new URI(value);
      if (!Set.of("http", "https").contains(uri.getScheme()) || uri.getHost() == null) {
        throw new IllegalArgumentException();
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
