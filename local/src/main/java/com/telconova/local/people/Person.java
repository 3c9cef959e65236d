package com.telconova.local.people;

import java.util.Locale;
import java.util.Map;

/// Somebody with an account.
///
/// @param role as in the API
/// @param email also what they log in with
public record Person(String name, String role, String email, String password, String locale) {

  /// What people call them in a line of output: first name and role.
  public String who() {
    return firstName() + " (" + role.toLowerCase(Locale.ROOT) + ")";
  }

  /// The first of their names.
  public String firstName() {
    return name.split(" ")[0];
  }

  /// The body of a login.
  public Map<String, String> login() {
    return Map.of("email", email, "password", password);
  }

  /// The body of `POST /auth/register`.
  public Map<String, String> registration() {
    return Map.of(
        "email", email,
        "password", password,
        "name", name,
        "locale", locale,
        "timeZone", "America/Bogota");
  }

  /// The body of `POST /users`.
  public Map<String, String> creation() {
    return Map.of(
        "email", email,
        "password", password,
        "name", name,
        "role", role,
        "locale", locale,
        "timeZone", "America/Bogota");
  }

  /// Shows no password.
  @Override
  public String toString() {
    return name + " <" + email + ">";
  }
}
