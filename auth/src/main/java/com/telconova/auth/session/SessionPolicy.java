package com.telconova.auth.session;

import com.telconova.shared.config.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long tokens live, and what becomes of a refresh token that is presented. Pure.
///
/// @param access `ACCESS_TOKEN_SECONDS`: how long an access token counts, 60 to 600, default 300.
///   Never longer than a revocation is remembered
/// @param idle `REFRESH_IDLE_SECONDS`: how long a session lasts without a refresh, 60 s to 90 days,
///   default 7 days
/// @param absolute `REFRESH_ABSOLUTE_SECONDS`: how long it lasts at most, 60 s to 365 days, default
///   30 days
/// @param grace `REFRESH_GRACE_SECONDS`: how long a token that was just exchanged is answered with
///   the very same successor, for clients whose answer got lost, 0 to 60, default 10; 0 for never
public record SessionPolicy(Duration access, Duration idle, Duration absolute, Duration grace) {
  private static final int DAY = 24 * 60 * 60;

  public static SessionPolicy from(Settings settings) {
    return new SessionPolicy(
        settings.seconds("ACCESS_TOKEN_SECONDS", 300, 60, 600),
        settings.seconds("REFRESH_IDLE_SECONDS", 7 * DAY, 60, 90 * DAY),
        settings.seconds("REFRESH_ABSOLUTE_SECONDS", 30 * DAY, 60, 365 * DAY),
        settings.seconds("REFRESH_GRACE_SECONDS", 10, 0, 60));
  }

  /// A refresh token of ours, as it is stored.
  ///
  /// @param usedAt when it was exchanged; empty if it never was
  record Stored(Instant expiresAt, Optional<Instant> usedAt) {}

  /// Which sessions can still be refreshed: those that expire and were used after these moments.
  record Alive(Instant expiresAfter, Instant usedAfter) {}

  /// What becomes of a token that is presented.
  sealed interface Decision {
    /// It is exchanged for its successor, now.
    record Rotate() implements Decision {}

    /// It was exchanged a moment ago and its successor was not used: its owner did not get the
    /// answer, and gets the same one again.
    record Repeat() implements Decision {}

    /// It was exchanged before, so somebody holds a copy: the session ends.
    record Revoke() implements Decision {}

    /// It counts no more, and that tells nothing.
    record Refuse() implements Decision {}
  }

  /// Which sessions can be refreshed now.
  Alive alive(Instant now) {
    return new Alive(now, now.minus(idle));
  }

  /// When a session that begins now ends at the latest.
  Instant sessionExpiry(Instant now) {
    return now.plus(absolute);
  }

  /// When a token that is handed out now ends.
  Instant tokenExpiry(Instant now, Instant sessionExpiry) {
    Instant unused = now.plus(idle);
    return unused.isBefore(sessionExpiry) ? unused : sessionExpiry;
  }

  /// @param successor what the presented token was exchanged for; empty if it never was
  Decision decide(Session session, Stored presented, Optional<Stored> successor, Instant now) {
    if (session.ended() || !now.isBefore(session.expiresAt())) {
      return new Decision.Refuse();
    }
    if (presented.usedAt().isEmpty()) {
      return now.isBefore(presented.expiresAt()) ? new Decision.Rotate() : new Decision.Refuse();
    }
    boolean recent = now.isBefore(presented.usedAt().get().plus(grace));
    boolean unused = successor.isPresent() && successor.get().usedAt().isEmpty();
    return recent && unused ? new Decision.Repeat() : new Decision.Revoke();
  }
}
