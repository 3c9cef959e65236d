package com.telconova.workorder;

import com.telconova.shared.config.Settings;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.sql.Config;
import com.telconova.sql.Migrations;
import com.telconova.workorder.seed.SeedPlan;
import com.telconova.workorder.seed.Seeder;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.CalendarConfig;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/// A database of its own on the bench's server, with as many orders as the product promises to be
/// fast with; in a build, with few. Made by the first who asks.
public final class SeededDatabase {
  private static final String NAME = "size";
  private static SeededDatabase shared;

  private final SeedPlan plan;
  private final String state;

  private SeededDatabase(SeedPlan plan, String state) {
    this.plan = plan;
    this.state = state;
  }

  public static synchronized SeededDatabase get() {
    if (shared == null) {
      shared = make();
    }
    return shared;
  }

  /// The rules by which promises were made.
  public static BusinessCalendar calendar() {
    return BusinessCalendar.of(CalendarConfig.from(Settings.of(Map.of())));
  }

  public SeedPlan plan() {
    return plan;
  }

  /// How many events were waiting when it was made, and which number the next order gets.
  public String state() {
    return state;
  }

  /// Without credentials.
  public String url() {
    return Bench.get().databaseUrl().replace("/microflow", "/" + NAME);
  }

  /// With the superuser's credentials.
  public String adminUrl() {
    return Bench.get().adminUrl().replace("/microflow?", "/" + NAME + "?");
  }

  private static SeededDatabase make() {
    // Monday, 10:00 in Bogotá: the same rows in each run.
    SeedPlan plan =
        new SeedPlan(
            Rounds.of(20_000, 1_000_000),
            Rounds.of(100, 500),
            12,
            Instant.parse("2026-11-23T15:00:00Z"));
    Bench bench = Bench.get();
    try (var connection = DriverManager.getConnection(bench.adminUrl());
        var statement = connection.createStatement()) {
      statement.execute("create database " + NAME);
      SeededDatabase made = new SeededDatabase(plan, "");
      Migrations.apply(
          new Config(
              made.adminUrl(),
              "postgres",
              made.adminUrl().replaceFirst(".*password=", ""),
              Migrations.SERVICES.stream()
                  .collect(Collectors.toMap(s -> s, _ -> bench.password()))));
      long began = System.nanoTime();
      Seeder.Report report = Seeder.write(made.adminUrl(), plan, calendar(), (_, _, _) -> {});
      System.out.printf("seeded in %.0f s: %s%n", (System.nanoTime() - began) / 1e9, report);
      return new SeededDatabase(plan, state(made.adminUrl()));
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("the seeded database could not be made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String state(String url) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                select (select count(*) from workorder.outbox) || ' events, next '
                  || (select last_value + is_called::int from workorder.order_code)
                """)) {
      row.next();
      return row.getString(1);
    }
  }
}
