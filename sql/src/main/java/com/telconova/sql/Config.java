package com.telconova.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the migrations need to know.
///
/// @param url `DATABASE_URL`: `jdbc:postgresql://host:port/microflow`
/// @param user `DATABASE_USER`: a role that may create roles and schemas
/// @param password `DATABASE_PASSWORD`
/// @param rolePasswords the password of each service's role: `AUTH_DATABASE_PASSWORD`,
///   `WORKORDER_DATABASE_PASSWORD`, `TRACKING_DATABASE_PASSWORD`; and, where
///   `READER_DATABASE_PASSWORD` is set, of `reader`, which reads every schema and writes none
public record Config(String url, String user, String password, Map<String, String> rolePasswords) {
  public Config {
    rolePasswords = Map.copyOf(rolePasswords);
  }

  /// @throws IllegalArgumentException naming every variable that is missing
  public static Config from(Map<String, String> environment) {
    List<String> missing = new ArrayList<>();
    Map<String, String> passwords = new LinkedHashMap<>();
    for (String service : Migrations.SERVICES) {
      passwords.put(
          service,
          read(environment, service.toUpperCase(Locale.ROOT) + "_DATABASE_PASSWORD", missing));
    }
    if (environment.containsKey("READER_DATABASE_PASSWORD")) {
      passwords.put(Migrations.READER, read(environment, "READER_DATABASE_PASSWORD", missing));
    }
    Config config =
        new Config(
            read(environment, "DATABASE_URL", missing),
            read(environment, "DATABASE_USER", missing),
            read(environment, "DATABASE_PASSWORD", missing),
            passwords);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("set " + String.join(", ", missing) + ".");
    }
    return config;
  }

  private static String read(Map<String, String> environment, String name, List<String> missing) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      missing.add(name);
    }
    return value;
  }

  /// Shows no password.
  @Override
  public String toString() {
    return "Config[" + url + " as " + user + "]";
  }
}
