package com.telconova.shared.event;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/// Hands events to whoever carries them to their consumers.
@FunctionalInterface
public interface Publisher {
  /// Publishes events, each of another subject, in whatever order suits.
  ///
  /// @throws RuntimeException when something is wrong with what is to be published; all of it is
  ///   then taken for refused
  Outcome publish(List<Event> events);

  /// What became of them.
  ///
  /// @param accepted ids that were certainly accepted. One that is missing may have been accepted
  ///   all the same: consumers recognise an event that comes twice
  /// @param unreachable whether the carrier as a whole does not answer or takes nothing from us
  /// @param refused ids that were refused for what they are. While the carrier can be reached, that
  ///   is all that was not accepted; while it cannot, the others are nobody's fault
  record Outcome(Set<UUID> accepted, Set<UUID> refused, boolean unreachable) {
    public Outcome {
      accepted = Set.copyOf(accepted);
      refused = Set.copyOf(refused);
    }
  }
}
