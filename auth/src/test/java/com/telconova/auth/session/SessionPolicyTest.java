package com.telconova.auth.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.auth.session.SessionPolicy.Decision;
import com.telconova.auth.session.SessionPolicy.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SessionPolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final SessionPolicy POLICY =
      new SessionPolicy(
          Duration.ofMinutes(5), Duration.ofDays(7), Duration.ofDays(30), Duration.ofSeconds(10));
  private static final Optional<Stored> NONE = Optional.empty();

  @Test
  void a_fresh_token_is_exchanged() {
    assertThat(POLICY.decide(session(), fresh(), NONE, NOW)).isEqualTo(new Decision.Rotate());
  }

  @Test
  void a_token_exchanged_a_moment_ago_is_answered_with_the_same_successor() {
    assertThat(POLICY.decide(session(), used(NOW.minusMillis(9_999)), unused(), NOW))
        .isEqualTo(new Decision.Repeat());
    assertThat(POLICY.decide(session(), used(NOW), unused(), NOW)).isEqualTo(new Decision.Repeat());
  }

  @Test
  void a_token_exchanged_before_that_ends_the_session() {
    assertThat(POLICY.decide(session(), used(NOW.minusSeconds(10)), unused(), NOW))
        .isEqualTo(new Decision.Revoke());
  }

  @Test
  void a_token_whose_successor_was_used_ends_the_session_however_recent() {
    assertThat(POLICY.decide(session(), used(NOW), Optional.of(used(NOW)), NOW))
        .isEqualTo(new Decision.Revoke());
  }

  @Test
  void a_used_token_whose_successor_we_do_not_know_ends_the_session() {
    assertThat(POLICY.decide(session(), used(NOW), NONE, NOW)).isEqualTo(new Decision.Revoke());
  }

  @Test
  void a_used_token_that_expired_long_since_still_ends_the_session() {
    Stored old = new Stored(NOW.minusSeconds(1), Optional.of(NOW.minus(Duration.ofDays(6))));

    assertThat(POLICY.decide(session(), old, unused(), NOW)).isEqualTo(new Decision.Revoke());
  }

  @Test
  void an_unused_token_that_expired_is_refused_and_ends_nothing() {
    Stored idle = new Stored(NOW, Optional.empty());

    assertThat(POLICY.decide(session(), idle, NONE, NOW)).isEqualTo(new Decision.Refuse());
  }

  @Test
  void no_token_of_a_session_that_is_over_does_anything() {
    Session ended = new Session(UUID.randomUUID(), UUID.randomUUID(), NOW.plusSeconds(60), true);
    Session expired = new Session(UUID.randomUUID(), UUID.randomUUID(), NOW, false);

    for (Session session : new Session[] {ended, expired}) {
      assertThat(POLICY.decide(session, fresh(), NONE, NOW)).isEqualTo(new Decision.Refuse());
      assertThat(POLICY.decide(session, used(NOW), unused(), NOW)).isEqualTo(new Decision.Refuse());
    }
  }

  @Test
  void without_grace_a_token_never_comes_back() {
    SessionPolicy strict =
        new SessionPolicy(
            Duration.ofMinutes(5), Duration.ofDays(7), Duration.ofDays(30), Duration.ZERO);

    assertThat(strict.decide(session(), used(NOW), unused(), NOW)).isEqualTo(new Decision.Revoke());
  }

  @Test
  void a_token_never_outlives_its_session() {
    Instant end = POLICY.sessionExpiry(NOW);

    assertThat(end).isEqualTo(NOW.plus(Duration.ofDays(30)));
    assertThat(POLICY.tokenExpiry(NOW, end)).isEqualTo(NOW.plus(Duration.ofDays(7)));
    assertThat(POLICY.tokenExpiry(end.minusSeconds(1), end)).isEqualTo(end);
  }

  private static Session session() {
    return new Session(UUID.randomUUID(), UUID.randomUUID(), NOW.plus(Duration.ofDays(20)), false);
  }

  private static Stored fresh() {
    return new Stored(NOW.plusSeconds(1), Optional.empty());
  }

  private static Stored used(Instant at) {
    return new Stored(at.plus(Duration.ofDays(7)), Optional.of(at));
  }

  private static Optional<Stored> unused() {
    return Optional.of(fresh());
  }
}
