package com.telconova.workorder.order;

/// What came of a [Command].
public sealed interface Transition {
  /// The order goes on in `next`.
  record Moved(OrderState next) implements Transition {}

  /// The order stays as it is.
  sealed interface Refused extends Transition {
    /// Why, for the one who asked.
    String detail();
  }

  /// No such move from this state, or a rule about the facts forbids it.
  record Illegal(String detail) implements Refused {}

  /// Such a move exists, and this person may not make it.
  record NotPermitted(String detail) implements Refused {}

  /// Something must be said for this move.
  ///
  /// @param pointer the field that is missing, as a JSON pointer
  record Missing(String pointer, String detail) implements Refused {}
}
