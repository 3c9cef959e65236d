package com.telconova.shared.lifecycle;

import java.time.Duration;

/// Something that holds work in flight and can finish it before the process ends.
public interface Drainable {
  /// Takes no new work that another instance could take as well. Returns at once.
  void quiesce();

  /// Finishes what is held and gives back, unharmed, what could not be finished.
  ///
  /// @param limit the longest this call may take
  void drain(Duration limit);
}
