package com.telconova.workorder.technician;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.http.Page;
import com.telconova.shared.testing.Bench;
import io.prometheus.client.CollectorRegistry;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who is on shift is decided twice: by SQL, which lists technicians, and by [Shift], which plans
/// their work.
final class ShiftAgreementIT {
  private static final List<String> ZONES =
      List.of(
          "America/Santiago",
          "Europe/Madrid",
          "America/New_York",
          "Australia/Lord_Howe",
          "America/Havana",
          "America/Bogota");
  private static final int TECHNICIANS = 120;

  private final TechnicianRepository repository = new TechnicianRepository();
  private final String skill = "S-" + UUID.randomUUID();
  private final Map<UUID, Shift> shifts = new HashMap<>();

  @Test
  void the_database_and_the_domain_agree_on_every_night_on_which_a_clock_changes() {
    try (Database database =
        Database.open(
            new DatabaseConfig(
                Bench.get().databaseUrl(), "workorder", new Secret(Bench.get().password()), 2, 2),
            new CollectorRegistry())) {
      hire(database);

      int moments = 0;
      int onShift = 0;
      for (Instant now : moments()) {
        List<UUID> expected =
            shifts.entrySet().stream()
                .filter(entry -> entry.getValue().contains(now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();

        assertThat(listed(database, now)).as("%s", now).isEqualTo(expected);

        moments++;
        onShift += expected.size();
      }
      assertThat(onShift).isBetween(moments, moments * TECHNICIANS);
      dismiss(database);
    }
  }

  private void hire(Database database) {
    Random random = new Random(4);
    database.inTransaction(handle -> {
      for (int i = 0; i < TECHNICIANS; i++) {
        Shift shift =
            new Shift(
                random.ints(1 + random.nextInt(4), 1, 8).mapToObj(DayOfWeek::of).toList(),
                LocalTime.of(random.nextInt(24), 15 * random.nextInt(4)),
                LocalTime.of(random.nextInt(24), 15 * random.nextInt(4)),
                ZoneId.of(ZONES.get(i % ZONES.size())));
        UUID id = new UUID(random.nextLong() >>> 1, i);
        repository.upsertUser(handle, id, "Ana", true, 1);
        repository.updateProfile(
            handle,
            new Technician(
                id,
                "Ana",
                true,
                true,
                new Profile(null, List.of(new Skill(skill, 1, null)), shift, 480, true, null),
                0,
                null));
        shifts.put(id, shift);
      }
      return null;
    });
  }

  /// Other tests look at everybody there is.
  private void dismiss(Database database) {
    database.inTransaction(handle -> {
      for (String table : List.of("technician_skill where technician_id", "technician where id")) {
        handle
            .createUpdate("delete from " + table + " = any(:ids)")
            .bindArray("ids", UUID.class, List.copyOf(shifts.keySet()))
            .execute();
      }
      return null;
    });
  }

  /// Each quarter of an hour of the six hours around every change of a clock in 2026.
  private static List<Instant> moments() {
    List<Instant> moments = new ArrayList<>();
    for (String zone : ZONES.subList(0, 5)) {
      Instant change = Instant.parse("2026-01-01T00:00:00Z");
      for (int i = 0; i < 2; i++) {
        change = ZoneId.of(zone).getRules().nextTransition(change).getInstant();
        for (int quarter = -12; quarter < 12; quarter++) {
          moments.add(change.plus(Duration.ofMinutes(15L * quarter + 7)));
        }
        moments.add(change);
      }
    }
    return moments;
  }

  private List<UUID> listed(Database database, Instant now) {
    TechnicianFilter filter = new TechnicianFilter(null, true, null, skill);
    LocalDate today = LocalDate.parse("2026-01-01");
    return database
        .read(handle ->
            repository.list(handle, filter, now, today, new Page.Request(TECHNICIANS, null)))
        .stream()
        .map(Technician::id)
        .sorted()
        .toList();
  }
}
