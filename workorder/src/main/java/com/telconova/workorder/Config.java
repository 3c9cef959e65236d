package com.telconova.workorder;

import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Settings;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.event.EventConfig;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.jfr.JfrConfig;
import com.telconova.shared.token.TokenConfig;
import com.telconova.shared.trace.TraceConfig;
import com.telconova.workorder.assignment.PolicyConfig;
import com.telconova.workorder.sla.CalendarConfig;
import java.net.URI;
import java.util.Map;

/// Everything the workorder process can be told.
///
/// @param auth `AUTH_URL`: where to ask about users that no event has told of yet
/// @param tracking `TRACKING_URL`: where to ask about evidence that no event has told of yet
public record Config(
    HttpConfig http,
    JfrConfig jfr,
    TraceConfig traces,
    DatabaseConfig database,
    AwsConfig aws,
    EventConfig events,
    TokenConfig tokens,
    URI auth,
    URI tracking,
    CalendarConfig calendar,
    PolicyConfig policy) {

  /// @throws com.telconova.shared.config.InvalidConfiguration naming every fault at once
  public static Config from(Map<String, String> environment) {
    Settings settings = Settings.of(environment);
    Config config =
        new Config(
            HttpConfig.from(settings, 8082, 9082),
            JfrConfig.from(settings),
            TraceConfig.from(settings),
            DatabaseConfig.from(settings, "workorder"),
            AwsConfig.from(settings),
            EventConfig.from(settings),
            TokenConfig.from(settings),
            settings.uri("AUTH_URL"),
            settings.uri("TRACKING_URL"),
            CalendarConfig.from(settings),
            PolicyConfig.from(settings));
    settings.check();
    return config;
  }
}
