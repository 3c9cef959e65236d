package com.telconova.tracking;

import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Settings;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.event.EventConfig;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.jfr.JfrConfig;
import com.telconova.shared.token.TokenConfig;
import com.telconova.shared.trace.TraceConfig;
import com.telconova.tracking.evidence.store.StoreConfig;
import com.telconova.tracking.notification.mail.SmtpConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Everything the tracking process can be told.
///
/// @param workorder `WORKORDER_URL`: where to ask about orders that no event has told of yet
/// @param mail who takes our mail
/// @param notificationFile `NOTIFICATION_FILE`: a file that SMS and push messages are written to
///   instead of being sent; empty to send them by SNS
/// @param publicUrl `PUBLIC_URL`: where people reach this API from outside, such as
///   `https://api.example.com`; mails then have a link to unsubscribe by. `-`, the default, for
///   none
/// @param notificationLease `NOTIFICATION_LEASE_SECONDS`: how long a message belongs to the process
///   that sends it, 5 to 600, default 120; a process that died holds one back for so long
/// @param evidence where files are kept
/// @param heartbeat `STREAM_HEARTBEAT_SECONDS`: how often a stream says that it is still there, 1
///   to 30, default 15
public record Config(
    HttpConfig http,
    JfrConfig jfr,
    TraceConfig traces,
    DatabaseConfig database,
    AwsConfig aws,
    EventConfig events,
    TokenConfig tokens,
    URI workorder,
    SmtpConfig mail,
    Optional<Path> notificationFile,
    Optional<URI> publicUrl,
    Duration notificationLease,
    StoreConfig evidence,
    Duration heartbeat) {

  /// @throws com.telconova.shared.config.InvalidConfiguration naming every fault at once
  public static Config from(Map<String, String> environment) {
    Settings settings = Settings.of(environment);
    Config config =
        new Config(
            HttpConfig.from(settings, 8083, 9083),
            JfrConfig.from(settings),
            TraceConfig.from(settings),
            // Relay, sender of messages and streams take theirs besides ten handlers.
            DatabaseConfig.from(settings, "tracking", 4),
            AwsConfig.from(settings),
            EventConfig.from(settings),
            TokenConfig.from(settings),
            settings.uri("WORKORDER_URL"),
            SmtpConfig.from(settings),
            settings.value(
                "NOTIFICATION_FILE",
                "-",
                "a file",
                file -> file.equals("-") ? Optional.empty() : Optional.of(Path.of(file))),
            settings.value(
                "PUBLIC_URL", "-", "an http(s) URL such as https://api.example.com", Config::url),
            settings.seconds("NOTIFICATION_LEASE_SECONDS", 120, 5, 600),
            StoreConfig.from(settings),
            settings.seconds("STREAM_HEARTBEAT_SECONDS", 15, 1, 30));
    settings.check();
    return config;
  }

  private static Optional<URI> url(String text) {
    if (text.equals("-")) {
      return Optional.empty();
    }
    URI url = URI.create(text.replaceAll("/+$", ""));
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new IllegalArgumentException(text);
    }
    return Optional.of(url);
  }
}
