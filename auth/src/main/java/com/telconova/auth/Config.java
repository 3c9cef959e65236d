package com.telconova.auth;

import com.telconova.auth.account.Email;
import com.telconova.auth.account.FirstAdmin;
import com.telconova.auth.account.UserRole;
import com.telconova.auth.key.MasterKey;
import com.telconova.auth.password.PasswordRules;
import com.telconova.auth.session.SessionPolicy;
import com.telconova.auth.throttle.Limits;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.config.Settings;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.event.EventConfig;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.jfr.JfrConfig;
import com.telconova.shared.problem.Faults;
import com.telconova.shared.trace.TraceConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything the auth process can be told.
///
/// @param issuer `TOKEN_ISSUER`: the `iss` of every token, the API's public address
/// @param tracking `TRACKING_URL`: where tracking's API is, which sends mail for us
/// @param masterKey `AUTH_MASTER_KEY`: 32 random bytes in base64, the same for every instance and
///   for good
/// @param firstAdmin `ADMIN_EMAIL` and `ADMIN_PASSWORD`: who the first ADMIN is; looked at only
///   while there is none, empty when not set
/// @param auditKept `AUDIT_RETENTION_DAYS`: how long the audit trail goes back, 60 to 3,650 days,
///   default 400
/// @param totpRequired `TOTP_REQUIRED_ROLES`: the roles that do not get in without a second factor,
///   separated by commas; none by default
/// @param keyLifetime `SIGNING_KEY_DAYS`: how long a key signs before it has a successor, 1 to 365,
///   default 30
public record Config(
    HttpConfig http,
    JfrConfig jfr,
    TraceConfig traces,
    DatabaseConfig database,
    AwsConfig aws,
    EventConfig events,
    String issuer,
    URI tracking,
    MasterKey masterKey,
    Optional<FirstAdmin.Credentials> firstAdmin,
    SessionPolicy sessions,
    Limits limits,
    Duration auditKept,
    Set<UserRole> totpRequired,
    Duration keyLifetime) {
  private static final String UNSET = "-";

  /// @throws com.telconova.shared.config.InvalidConfiguration naming every fault at once
  public static Config from(Map<String, String> environment) {
    Settings settings = Settings.of(environment);
    Config config =
        new Config(
            HttpConfig.from(settings, 8081, 9081),
            JfrConfig.from(settings),
            TraceConfig.from(settings),
            DatabaseConfig.from(settings, "auth"),
            AwsConfig.from(settings),
            EventConfig.from(settings),
            settings.text("TOKEN_ISSUER"),
            settings.uri("TRACKING_URL"),
            settings.secretValue(
                "AUTH_MASTER_KEY",
                "32 random bytes in base64, such as 'openssl rand -base64 32' prints",
                MasterKey::fromBase64),
            firstAdmin(settings),
            SessionPolicy.from(settings),
            Limits.from(settings),
            Duration.ofDays(settings.integer("AUDIT_RETENTION_DAYS", 400, 60, 3_650)),
            settings.value(
                "TOTP_REQUIRED_ROLES",
                UNSET,
                "roles, separated by commas, such as SUPERVISOR,ADMIN",
                Config::roles),
            Duration.ofDays(settings.integer("SIGNING_KEY_DAYS", 30, 1, 365)));
    settings.check();
    return config;
  }

  private static Optional<FirstAdmin.Credentials> firstAdmin(Settings settings) {
    String address = settings.text("ADMIN_EMAIL", UNSET);
    if (address.equals(UNSET)) {
      return Optional.empty();
    }
    Email email =
        settings.value(
            "ADMIN_EMAIL", null, "an e-mail address", text -> Email.find(text).orElseThrow());
    Secret password =
        settings.secretValue(
            "ADMIN_PASSWORD",
            "%d to %d characters, no common password and not the address"
                .formatted(PasswordRules.MIN, PasswordRules.MAX),
            text -> password(text, address));
    return Optional.of(new FirstAdmin.Credentials(email, password));
  }

  private static Set<UserRole> roles(String text) {
    return text.equals(UNSET)
        ? Set.of()
        : Arrays.stream(text.split("\\s*,\\s*", -1))
            .map(UserRole::valueOf)
            .collect(Collectors.toUnmodifiableSet());
  }

  private static Secret password(String text, String address) {
    Faults faults = new Faults();
    PasswordRules.check(faults, "", text, address, null);
    faults.check();
    return new Secret(text);
  }
}
