package com.telconova.shared.database;

import com.telconova.shared.config.Secret;
import com.telconova.shared.config.Settings;
import java.util.Locale;

/// How to reach the database.
///
/// @param url `DATABASE_URL`: `jdbc:postgresql://host:port/microflow`, without credentials
/// @param user `DATABASE_USER`: the service's own role
/// @param password `DATABASE_PASSWORD`
/// @param requests `DATABASE_REQUEST_CONNECTIONS`: how many requests use the database at once, 1 to
///   100, default 10
/// @param background `DATABASE_BACKGROUND_CONNECTIONS`: how many connections are kept for
///   consumers, relay and schedulers, so that a flood of requests cannot starve them, 1 to 20,
///   default 2, for tracking 4
public record DatabaseConfig(
    String url, String user, Secret password, int requests, int background) {
  public static DatabaseConfig from(Settings settings, String user) {
    return from(settings, user, 2);
  }

  /// For a service with more to do in the background than usual.
  ///
  /// @param background how many connections it keeps for that unless it is told otherwise
  public static DatabaseConfig from(Settings settings, String user, int background) {
    return new DatabaseConfig(
        settings.value(
            "DATABASE_URL",
            null,
            "a JDBC URL without credentials, such as jdbc:postgresql://localhost:5432/microflow",
            DatabaseConfig::url),
        settings.text("DATABASE_USER", user),
        settings.secret("DATABASE_PASSWORD", 1),
        settings.integer("DATABASE_REQUEST_CONNECTIONS", 10, 1, 100),
        settings.integer("DATABASE_BACKGROUND_CONNECTIONS", background, 1, 20));
  }

  private static String url(String value) {
    boolean credentials =
        value.contains("@") || value.toLowerCase(Locale.ROOT).contains("password=");
    if (!value.startsWith("jdbc:postgresql://") || credentials) {
      throw new IllegalArgumentException(value);
    }
    return value;
  }
}
