package com.telconova.tracking;

import com.telconova.shared.config.Settings;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.testing.Bench;
import io.prometheus.client.CollectorRegistry;

/// The bench's database as the service itself opens it.
public final class TrackingDatabase {
  private TrackingDatabase() {}

  public static Database open() {
    Settings settings = Settings.of(Bench.get().environment("tracking"));
    return Database.open(DatabaseConfig.from(settings, "tracking"), new CollectorRegistry());
  }
}
