package com.telconova.shared.event;

import com.telconova.shared.database.Message;
import org.jdbi.v3.core.Handle;

/// The effect of an event: runs in the transaction in which the event is noted as processed, so it
/// happens once. Throws to have the event again later.
@FunctionalInterface
public interface EventHandler {
  void handle(Handle handle, Event event);

  /// Begins the effect: adds what is to be sent with the note, in one round trip.
  ///
  /// @return the rest, which runs unless the event was handled before
  default Rest begin(Event event, Message first) {
    return handle -> handle(handle, event);
  }

  /// What follows when the first message was answered.
  @FunctionalInterface
  interface Rest {
    void finish(Handle handle);
  }

  /// The effect of an event that comes often, in as few round trips as can be.
  @FunctionalInterface
  interface Prepared extends EventHandler {
    /// Adds what locks and reads. It is sent for an event that was handled before, too: if it
    /// changes anything, it must change nothing the second time.
    @Override
    Rest begin(Event event, Message first);

    @Override
    default void handle(Handle handle, Event event) {
      Message message = new Message();
      Rest rest = begin(event, message);
      message.send(handle);
      rest.finish(handle);
    }
  }
}
