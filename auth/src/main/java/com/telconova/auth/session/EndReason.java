package com.telconova.auth.session;

/// Why a session ended before its time. Told in `session.invalidated`.
public enum EndReason {
  /// One of its refresh tokens was presented after it had been exchanged.
  REFRESH_TOKEN_REUSED,
  /// Its owner ended it, in it or from another of their sessions.
  LOGGED_OUT,
  /// Its owner has too many, and this is the one that rested longest.
  TOO_MANY,
  /// Its owner changed their password in another session.
  PASSWORD_CHANGED,
  /// Its owner forgot their password and set a new one.
  PASSWORD_RESET,
  /// Its owner's second factor was enrolled or taken away.
  SECOND_FACTOR_CHANGED,
  /// Its owner has another role now.
  ROLE_CHANGED,
  /// Its owner may not use the system any more.
  DEACTIVATED
}
