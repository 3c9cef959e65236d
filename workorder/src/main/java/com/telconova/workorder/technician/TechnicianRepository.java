package com.telconova.workorder.technician;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import com.telconova.workorder.place.Position;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables `technician` (a projection of auth's users, and their profiles) and
/// `technician_skill`.
public final class TechnicianRepository {
  private static final String COLUMNS =
      """
      select t.id, t.name, t.active, t.profile_set, t.zone, t.capacity_minutes, t.shift_days,
             t.shift_start, t.shift_end, t.shift_zone, t.available, t.latitude, t.longitude,
             t.load_version, t.last_assigned_at
      """;

  private static final String SELECT =
      COLUMNS
          + """
          , (select json_agg(
               json_build_object('skill', s.skill, 'level', s.level, 'expiresOn', s.expires_on)
               order by s.skill)
             from technician_skill s where s.technician_id = t.id) as skills
          from technician t
          """;

  /// Active, available, and in a shift that began today or yesterday.
  private static final String CAN_BE_SENT =
      """
      (t.active and t.available and (t.shift_days is null or exists (
        select 1
        from (values (0), (1)) as back (days),
             lateral (select (:now::timestamptz at time zone t.shift_zone)::date - back.days) as began (day),
             lateral (
               select (began.day + t.shift_start) at time zone t.shift_zone,
                      (began.day + t.shift_end
                        + case when t.shift_end > t.shift_start then interval '0' else interval '1 day' end)
                        at time zone t.shift_zone) as shift (opens, closes)
        where extract(isodow from began.day)::int = any(t.shift_days)
          and :now >= shift.opens and :now < shift.closes)))
      """;

  public Optional<Technician> find(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + "where t.id = :id")
        .bind("id", id)
        .map(TechnicianRepository::map)
        .findOne();
  }

  /// Everybody, those who left last, else by id.
  public List<Technician> listAll(Handle handle, int rows) {
    // A query of their own: as JSON in each row, 500 technicians' skills were a fifth of the time
    // that it takes to rank them.
    Map<UUID, List<Skill>> skills = new HashMap<>();
    handle
        .createQuery(
            """
            select s.technician_id, s.skill, s.level, s.expires_on
            from technician_skill s
            where s.technician_id in (
              select t.id from technician t order by t.active desc, t.id limit :rows)
            order by s.technician_id, s.skill
            """)
        .bind("rows", rows)
        .map((row, _) ->
            skills
                .computeIfAbsent(row.getObject("technician_id", UUID.class), _ -> new ArrayList<>())
                .add(
                    new Skill(
                        row.getString("skill"),
                        row.getInt("level"),
                        row.getObject("expires_on", LocalDate.class))))
        .list();
    return handle
        .createQuery(COLUMNS + "from technician t order by t.active desc, t.id limit :rows")
        .bind("rows", rows)
        .map((row, _) -> map(row, skills.getOrDefault(row.getObject("id", UUID.class), List.of())))
        .list();
  }

  /// Notes that they are given an order now.
  public void noteAssignment(Handle handle, UUID id, Instant now) {
    handle
        .createUpdate(
            """
            update technician
            set load_version = load_version + 1, last_assigned_at = :now
            where id = :id
            """)
        .bind("id", id)
        .bind("now", now)
        .execute();
  }

  /// Notes that some are given orders now, but for those who were given another since they were at
  /// their `load`, take none any more, or whom somebody is changing at this moment. As with
  /// [#lock], nobody else assigns them anything until the transaction ends. Never waits.
  ///
  /// @param loads the [Technician#loadVersion] of each
  /// @param counts how many each is given
  /// @return for whom it was noted
  public Set<UUID> noteAssignments(
      Handle handle, Map<UUID, Long> loads, Map<UUID, Integer> counts, Instant now) {
    List<UUID> ids = List.copyOf(counts.keySet());
    return handle
        .createQuery(
            """
            with free as (
              select t.id, given.orders
              from unnest(:ids, :loads, :counts) as given (id, load, orders)
              join technician t on t.id = given.id and t.load_version = given.load
              where t.active and t.available
              for update of t skip locked)
            update technician
            set load_version = load_version + free.orders, last_assigned_at = :now
            from free where technician.id = free.id
            returning technician.id
            """)
        .bindArray("ids", UUID.class, ids)
        .bindArray("loads", Long.class, ids.stream().map(loads::get).toList())
        .bindArray("counts", Integer.class, ids.stream().map(counts::get).toList())
        .bind("now", now)
        .mapTo(UUID.class)
        .set();
  }

  /// By id.
  ///
  /// @param today on which skills must count
  List<Technician> list(
      Handle handle, TechnicianFilter filter, Instant now, LocalDate today, Page.Request page) {
    Map<String, Object> bindings = new LinkedHashMap<>();
    List<String> conditions = new ArrayList<>(List.of("true"));
    if (filter.id() != null) {
      conditions.add("t.id = :id");
      bindings.put("id", filter.id());
    }
    if (filter.available() != null) {
      conditions.add((filter.available() ? "" : "not ") + CAN_BE_SENT);
      bindings.put("now", now);
    }
    if (filter.zone() != null) {
      conditions.add("(t.zone is null or t.zone = :zone)");
      bindings.put("zone", filter.zone());
    }
    if (filter.skill() != null) {
      conditions.add(
          """
          exists (
            select 1 from technician_skill s
            where s.technician_id = t.id and lower(s.skill) = :skill
              and (s.expires_on is null or s.expires_on >= :today))
          """);
      bindings.put("skill", Skill.key(filter.skill()));
      bindings.put("today", today);
    }
    if (page.after() != null) {
      conditions.add("t.id > :after");
      bindings.put("after", page.after().id());
    }
    bindings.put("rows", page.rows());
    return handle
        .createQuery(
            SELECT + "where " + String.join(" and ", conditions) + " order by t.id limit :rows")
        .bindMap(bindings)
        .map(TechnicianRepository::map)
        .list();
  }

  /// Stores what auth says of a technician unless something newer is known; the profile stays.
  ///
  /// @param sequence of the event that told of it; 0 when no event did
  void upsertUser(Handle handle, UUID id, String name, boolean active, long sequence) {
    handle
        .createUpdate(
            """
            insert into technician (id, name, active, user_sequence)
            values (:id, :name, :active, :sequence)
            on conflict (id) do update
            set name = excluded.name, active = excluded.active,
                user_sequence = excluded.user_sequence
            where technician.user_sequence <= excluded.user_sequence
            """)
        .bind("id", id)
        .bind("name", name)
        .bind("active", active)
        .bind("sequence", sequence)
        .execute();
  }

  /// Nobody else changes this technician, or assigns them anything, until the transaction ends.
  public Optional<Technician> lock(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + "where t.id = :id for no key update of t")
        .bind("id", id)
        .map(TechnicianRepository::map)
        .findOne();
  }

  /// Whether the database, which decides who is on shift, knows this zone as Java does.
  boolean knows(Handle handle, ZoneId zone) {
    return handle
        .createQuery("select exists (select 1 from pg_timezone_names where name = :zone)")
        .bind("zone", zone.getId())
        .mapTo(Boolean.class)
        .one();
  }

  /// Stores the profile as it is now, skills included.
  void updateProfile(Handle handle, Technician technician) {
    Profile profile = technician.profile();
    Shift shift = profile.shift();
    Position position = profile.position();
    handle
        .createUpdate(
            """
            update technician set
              profile_set = :set, zone = :zone, capacity_minutes = :capacity,
              shift_days = :days, shift_start = :start, shift_end = :end,
              shift_zone = :shiftZone, available = :available, latitude = :latitude,
              longitude = :longitude
            where id = :id
            """)
        .bind("id", technician.id())
        .bind("set", technician.profileSet())
        .bind("zone", profile.zone())
        .bind("capacity", profile.capacityMinutes())
        .bindByType("days", shift == null ? null : days(shift), Integer[].class)
        .bind("start", shift == null ? null : shift.start())
        .bind("end", shift == null ? null : shift.end())
        .bind("shiftZone", shift == null ? null : shift.timeZone().getId())
        .bind("available", profile.available())
        .bind("latitude", position == null ? null : position.latitude())
        .bind("longitude", position == null ? null : position.longitude())
        .execute();
    handle
        .createUpdate("delete from technician_skill where technician_id = :id")
        .bind("id", technician.id())
        .execute();
    handle
        .createUpdate(
            """
            insert into technician_skill (technician_id, skill, level, expires_on)
            select :id, s.skill, s.level, s."expiresOn"
            from json_to_recordset(:skills::json)
              as s (skill text, level integer, "expiresOn" date)
            """)
        .bind("id", technician.id())
        .bind("skills", json(profile.skills()))
        .execute();
  }

  private static Technician map(ResultSet row, StatementContext ctx) throws SQLException {
    return map(row, skills(row.getString("skills")));
  }

  private static Technician map(ResultSet row, List<Skill> skills) throws SQLException {
    Double latitude = row.getObject("latitude", Double.class);
    OffsetDateTime lastAssigned = row.getObject("last_assigned_at", OffsetDateTime.class);
    return new Technician(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getBoolean("active"),
        row.getBoolean("profile_set"),
        new Profile(
            row.getString("zone"),
            skills,
            shift(row),
            row.getInt("capacity_minutes"),
            row.getBoolean("available"),
            latitude == null ? null : new Position(latitude, row.getDouble("longitude"))),
        row.getLong("load_version"),
        lastAssigned == null ? null : lastAssigned.toInstant());
  }

  private static Shift shift(ResultSet row) throws SQLException {
    Array days = row.getArray("shift_days");
    if (days == null) {
      return null;
    }
    return new Shift(
        Arrays.stream((Integer[]) days.getArray()).map(DayOfWeek::of).toList(),
        row.getObject("shift_start", LocalTime.class),
        row.getObject("shift_end", LocalTime.class),
        ZoneId.of(row.getString("shift_zone")));
  }

  private static Integer[] days(Shift shift) {
    return shift.days().stream().map(DayOfWeek::getValue).toArray(Integer[]::new);
  }

  private static String json(List<Skill> skills) {
    try {
      return Mappers.TOLERANT.writeValueAsString(skills);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("skills are not JSON", e);
    }
  }

  private static List<Skill> skills(String json) throws SQLException {
    try {
      return json == null
          ? List.of()
          : Mappers.TOLERANT.readValue(json, new TypeReference<List<Skill>>() {});
    } catch (JsonProcessingException e) {
      throw new SQLException("technician_skill could not be read", e);
    }
  }
}
