package com.telconova.local.load;

/// A request on its way. Times are of [System#nanoTime].
final class Request {

  final Operation operation;

  /// When it should have been sent; of a closed loop, when it was begun with.
  final long due;

  /// Since when it is waited for an answer, or for the connection on which to send it.
  long sent;

  Object about;
  boolean written;

  Request(Operation operation, long due) {
    this.operation = operation;
    this.due = due;
  }
}
