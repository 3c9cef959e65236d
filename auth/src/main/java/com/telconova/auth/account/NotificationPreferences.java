package com.telconova.auth.account;

import com.telconova.shared.problem.Faults;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How somebody wants to be told of things. We keep it and pass it on; tracking acts on it. The
/// same in requests, answers, events and the database.
///
/// @param channels the only ones to use; empty for none, null for whatever is usual
/// @param perEvent the same for single types of event, such as `order.status_changed`; null for
///   none
/// @param quietHours when not to be disturbed, in the user's own time zone; null for never
/// @param pushEndpoint where PUSH goes: the ARN of the user's device as an endpoint of SNS, which
///   the app got when it registered there; null for nowhere
public record NotificationPreferences(
    List<Channel> channels,
    Map<String, List<Channel>> perEvent,
    QuietHours quietHours,
    String pushEndpoint) {
  /// What somebody has who said nothing.
  public static final NotificationPreferences NONE =
      new NotificationPreferences(null, null, null, null);

  private static final int MAX_EVENTS = 30;
  private static final Pattern EVENT = Pattern.compile("[a-z_]{1,40}(\\.[a-z_]{1,40}){1,3}");
  private static final Pattern ENDPOINT =
      Pattern.compile(
          "arn:aws[a-z-]{0,20}:sns:[a-z0-9-]{1,30}:[0-9]{12}:endpoint/[A-Za-z0-9/_.-]{1,200}");
  private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");

  /// A way to reach somebody.
  public enum Channel {
    EMAIL,
    SMS,
    PUSH
  }

  /// A part of each day; one that starts after it ends goes over midnight.
  ///
  /// @param start,end `HH:mm`, never the same
  public record QuietHours(String start, String end) {
    private void check(Faults faults, String pointer) {
      time(faults, pointer + "/start", start);
      time(faults, pointer + "/end", end);
      faults.require(
          start == null || !start.equals(end), pointer + "/end", "takes another time than start");
    }

    private static void time(Faults faults, String pointer, String time) {
      faults.present(pointer, time);
      faults.matches(pointer, time, TIME, "takes a time of day such as 22:00");
    }
  }

  /// Brings lists into one order and leaves out what is empty, so that what means the same is
  /// equal.
  public NotificationPreferences {
    channels = ordered(channels);
    if (perEvent != null) {
      Map<String, List<Channel>> sorted = new TreeMap<>();
      perEvent.forEach((event, chosen) -> sorted.put(event, ordered(chosen)));
      perEvent = sorted.isEmpty() ? null : Collections.unmodifiableMap(sorted);
    }
  }

  /// Adds what is wrong to `faults`.
  ///
  /// @param pointer where this stands in the request
  void check(Faults faults, String pointer) {
    if (perEvent != null) {
      faults.require(
          perEvent.size() <= MAX_EVENTS,
          pointer + "/perEvent",
          "takes at most " + MAX_EVENTS + " types of event");
      perEvent.forEach((event, chosen) -> checkEvent(faults, pointer + "/perEvent", event, chosen));
    }
    if (quietHours != null) {
      quietHours.check(faults, pointer + "/quietHours");
    }
    faults.matches(
        pointer + "/pushEndpoint", pushEndpoint, ENDPOINT, "takes the ARN of an SNS endpoint");
  }

  private static void checkEvent(
      Faults faults, String pointer, String event, List<Channel> chosen) {
    if (EVENT.matcher(event).matches()) {
      faults.present(pointer + "/" + event, chosen);
    } else {
      faults.add(pointer, "takes types of event such as order.status_changed as names");
    }
  }

  /// A value that was none of ours has been reported already and is null here.
  private static List<Channel> ordered(Collection<Channel> chosen) {
    return chosen == null
        ? null
        : chosen.stream().filter(Objects::nonNull).distinct().sorted().toList();
  }
}
