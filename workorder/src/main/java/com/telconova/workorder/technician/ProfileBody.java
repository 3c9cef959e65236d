package com.telconova.workorder.technician;

import com.telconova.shared.problem.Faults;
import com.telconova.workorder.place.Coordinates;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A technician's profile as requests say it. What is left out takes its default, except
/// availability and position, which stay as they are: they are the technician's own to say.
record ProfileBody(
    String zone,
    List<SkillBody> skills,
    ShiftBody shift,
    Integer capacityMinutes,
    Boolean available,
    Double latitude,
    Double longitude) {
  private static final int MAX_SKILLS = 50;
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}");

  record SkillBody(String skill, Integer level, String expiresOn) {}

  record ShiftBody(List<DayOfWeek> days, String start, String end, String timeZone) {}

  void check(Faults faults) {
    faults.optionalText("/zone", zone, 1, 60);
    faults.range("/capacityMinutes", capacityMinutes, 0, 1440);
    Coordinates.check(faults, latitude, longitude);
    checkSkills(faults);
    if (shift != null) {
      checkShift(faults);
    }
  }

  Profile toProfile(Profile before) {
    return new Profile(
        zone == null ? null : zone.strip(),
        skills == null ? List.of() : skills.stream().map(ProfileBody::skill).toList(),
        shift == null ? null : toShift(),
        capacityMinutes == null ? Profile.DEFAULT_CAPACITY_MINUTES : capacityMinutes,
        available == null ? before.available() : available,
        latitude == null ? before.position() : Coordinates.of(latitude, longitude));
  }

  private void checkSkills(Faults faults) {
    faults.atMost("/skills", skills, MAX_SKILLS);
    Set<String> names = new HashSet<>();
    for (int i = 0; skills != null && i < skills.size(); i++) {
      SkillBody each = skills.get(i);
      String pointer = "/skills/" + i;
      if (each == null) {
        faults.add(pointer, "takes an object with skill, level and expiresOn");
        continue;
      }
      faults.text(pointer + "/skill", each.skill(), 1, 60);
      faults.present(pointer + "/level", each.level());
      faults.range(pointer + "/level", each.level(), 1, 5);
      faults.require(
          each.expiresOn() == null || readable(DATE, each.expiresOn(), LocalDate::parse),
          pointer + "/expiresOn",
          "takes a date such as 2026-12-31");
      faults.require(
          each.skill() == null || names.add(Skill.key(each.skill())),
          pointer + "/skill",
          "is in the list already");
    }
  }

  private void checkShift(Faults faults) {
    boolean anyDay = shift.days() != null && shift.days().stream().anyMatch(day -> day != null);
    faults.require(anyDay, "/shift/days", "takes at least one day such as MONDAY");
    checkTime(faults, "/shift/start", shift.start());
    checkTime(faults, "/shift/end", shift.end());
    faults.present("/shift/timeZone", shift.timeZone());
    faults.require(
        shift.timeZone() == null || ZoneId.getAvailableZoneIds().contains(shift.timeZone()),
        "/shift/timeZone",
        "takes an IANA time zone such as America/Bogota");
  }

  private static void checkTime(Faults faults, String pointer, String time) {
    faults.present(pointer, time);
    faults.require(
        time == null || readable(TIME, time, LocalTime::parse),
        pointer,
        "takes a time of the day such as 08:00");
  }

  private interface Parser {
    Object parse(String text);
  }

  private static boolean readable(Pattern shape, String text, Parser parser) {
    try {
      return shape.matcher(text).matches() && parser.parse(text) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static Skill skill(SkillBody body) {
    return new Skill(
        body.skill().strip(),
        body.level(),
        body.expiresOn() == null ? null : LocalDate.parse(body.expiresOn()));
  }

  private Shift toShift() {
    return new Shift(
        shift.days(),
        LocalTime.parse(shift.start()),
        LocalTime.parse(shift.end()),
        ZoneId.of(shift.timeZone()));
  }
}
