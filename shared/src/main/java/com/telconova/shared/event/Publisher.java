package com.telconova.shared.event;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Hands events to whoever carries them to their consumers.
@FunctionalInterface
public interface Publisher {
  /// Publishes events and returns the ids of those that were certainly accepted. An id that is
  /// missing may have been accepted all the same: consumers recognise an event that comes twice.
  Set<UUID> publish(List<Event> events);
}
