package com.telconova.shared.event;

import org.jdbi.v3.core.Handle;

/// The effect of an event: runs in the transaction in which the event is noted as processed, so it
/// happens once. Throws to have the event again later.
@FunctionalInterface
public interface EventHandler {
  void handle(Handle handle, Event event);
}
