package com.telconova.tracking.recipient;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How somebody wants to be told, as they told auth. What this version does not understand of it is
/// left unheeded.
///
/// @param channels the only ones to use; null for whatever is usual
/// @param perEvent the same for single types of event, which count before `channels`; may be null
/// @param quietHours when not to be disturbed; null for never
/// @param pushEndpoint the ARN of an SNS endpoint; null while there is none
public record Preferences(
    List<String> channels,
    Map<String, List<String>> perEvent,
    QuietHours quietHours,
    String pushEndpoint) {
  /// What somebody has who said nothing.
  public static final Preferences NONE = new Preferences(null, null, null, null);

  /// A part of each day; one that starts after it ends goes over midnight.
  ///
  /// @param start,end `HH:mm`
  public record QuietHours(String start, String end) {}

  /// Reads what an event has, or what was kept of it; null and anything else than an object is
  /// [#NONE].
  public static Preferences of(JsonNode json) {
    try {
      return json != null && json.isObject()
          ? Mappers.TOLERANT.treeToValue(json, Preferences.class)
          : NONE;
    } catch (JsonProcessingException e) {
      return NONE;
    }
  }

  /// Whether they said by which channels they want to hear of a type of event.
  public boolean chose(String event) {
    return channels != null || (perEvent != null && perEvent.get(event) != null);
  }

  /// The channels for a type of event.
  ///
  /// @param usual for who did not choose
  public Set<Channel> channels(String event, Set<Channel> usual) {
    List<String> chosen = perEvent == null ? null : perEvent.get(event);
    chosen = chosen == null ? channels : chosen;
    if (chosen == null) {
      return usual;
    }
    Set<Channel> known = EnumSet.noneOf(Channel.class);
    for (Channel channel : Channel.values()) {
      if (chosen.contains(channel.name())) {
        known.add(channel);
      }
    }
    return known;
  }

  /// The end of the quiet hours that `now` lies in; empty outside of them.
  public Optional<Instant> quietUntil(Instant now, ZoneId zone) {
    if (quietHours == null || quietHours.start() == null || quietHours.end() == null) {
      return Optional.empty();
    }
    try {
      LocalTime start = LocalTime.parse(quietHours.start());
      LocalTime end = LocalTime.parse(quietHours.end());
      ZonedDateTime here = now.atZone(zone);
      LocalTime time = here.toLocalTime();
      boolean quiet =
          start.isBefore(end)
              ? !time.isBefore(start) && time.isBefore(end)
              : !time.isBefore(start) || time.isBefore(end);
      if (!quiet || start.equals(end)) {
        return Optional.empty();
      }
      ZonedDateTime over =
          (time.isBefore(end) ? here.toLocalDate() : here.toLocalDate().plusDays(1))
              .atTime(end)
              .atZone(zone);
      // Where a clock goes back, the hour of the end may come twice, and be past already.
      return Optional.of(over.toInstant()).filter(now::isBefore);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
