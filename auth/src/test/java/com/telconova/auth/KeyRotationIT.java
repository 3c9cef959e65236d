package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import com.telconova.auth.key.SigningKeys;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.RemoteKeys;
import com.telconova.shared.token.TokenVerifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two instances of auth that sign, and another service that verifies by the keys it fetches.
final class KeyRotationIT {
  private static final Duration LIFETIME = Duration.ofDays(30);
  private static final int CLIENTS = 3;

  private final AuthFixture fixture = new AuthFixture();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Set<String> signedBy = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger forged = new AtomicInteger();
  private List<AuthApp> instances;
  private RemoteKeys published;
  private volatile boolean over;

  @BeforeEach
  void start() {
    instances = List.of(fixture.start(), fixture.start());
    URI jwks =
        URI.create("http://127.0.0.1:" + instances.getFirst().port() + "/.well-known/jwks.json");
    published = new RemoteKeys(fixture.clock, jwks, http);
  }

  @AfterEach
  void stop() {
    over = true;
    fixture.close();
    http.close();
  }

  @Test
  void a_rotation_under_load_refuses_nobody_even_while_somebody_sends_forged_keys()
      throws Exception {
    fixture.clock.advance(LIFETIME.minusMinutes(3));
    List<AtomicInteger> rounds = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      AtomicInteger round = new AtomicInteger();
      rounds.add(round);
      threads.add(Thread.ofVirtual().start(() -> client(round)));
    }

    int sets = 0;
    for (int minute = 0; minute < 90; minute++) {
      awaitARound(rounds);
      forge(); // whatever changes now, nobody may fetch for the next half minute
      String before = state();
      instances.forEach(instance -> instance.keys().lookAfter());
      sets = Math.max(sets, instances.getFirst().keys().published().keys().size());
      if (!state().equals(before)) {
        awaitARound(rounds);
      }
      fixture.clock.advance(Duration.ofMinutes(1));
    }
    instances.forEach(instance -> instance.keys().lookAfter());
    awaitARound(rounds);
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }

    System.out.printf(
        "key rotation under load: %d requests and verifications, %d refused, %d forged ones refused%n",
        requests.get(), refused.size(), forged.get());
    assertThat(refused).isEmpty();
    assertThat(signedBy).hasSize(2);
    assertThat(sets).isEqualTo(2);
    assertThat(fixture.count("select count(*) from auth.signing_key")).isEqualTo(1);
  }

  @Test
  void instances_that_rotate_at_once_make_one_successor() throws Exception {
    fixture.clock.advance(LIFETIME);

    List<Thread> threads =
        IntStream.range(0, 16)
            .mapToObj(i -> Thread.ofVirtual().start(() -> instances.get(i % 2).keys().lookAfter()))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(fixture.count("select count(*) from auth.signing_key")).isEqualTo(2);
  }

  @Test
  void a_new_key_is_published_before_it_signs_and_an_old_one_as_long_as_its_tokens_count() {
    AuthApp auth = instances.getFirst();
    String first = auth.keys().current().kid();
    fixture.clock.advance(LIFETIME);
    auth.keys().lookAfter();

    fixture.clock.advance(Duration.ofMinutes(20).minusSeconds(1));
    auth.keys().lookAfter();
    assertThat(auth.keys().current().kid()).isEqualTo(first);
    assertThat(auth.keys().published().keys()).hasSize(2);
    fixture.clock.advance(Duration.ofSeconds(1));
    assertThat(auth.keys().current().kid()).isNotEqualTo(first);
    fixture.clock.advance(Duration.ofHours(1).minusSeconds(1));
    auth.keys().lookAfter();
    assertThat(auth.keys().find(first)).isPresent();
    fixture.clock.advance(Duration.ofSeconds(1));
    auth.keys().lookAfter();

    assertThat(auth.keys().find(first)).isEmpty();
    assertThat(auth.keys().published().keys()).hasSize(1);
  }

  @Test
  void an_auth_that_was_away_for_a_year_begins_where_it_left() {
    AuthApp auth = instances.getFirst();
    String first = auth.keys().current().kid();

    fixture.clock.advance(Duration.ofDays(365));
    auth.keys().lookAfter();

    assertThat(auth.keys().current().kid()).isEqualTo(first);
    fixture.clock.advance(Duration.ofMinutes(20));
    assertThat(auth.keys().current().kid()).isNotEqualTo(first);
  }

  /// Which keys there are, and which of them signs.
  private String state() {
    SigningKeys keys = instances.getFirst().keys();
    return keys.current().kid() + keys.published();
  }

  /// Refreshes at one instance, asks the other, and has the service verify what it holds.
  private void client(AtomicInteger round) {
    try (Api one = new Api(instances.get(0).port());
        Api two = new Api(instances.get(1).port())) {
      AuthFixture.Tokens tokens = fixture.login(one, AuthFixture.ADMIN);
      Deque<String> held = new ArrayDeque<>();
      while (!over) {
        forge();
        boolean even = round.get() % 2 == 0;
        tokens = AuthFixture.Tokens.of(fixture.tryToRefresh(even ? one : two, tokens.refresh()));
        signedBy.add(JWT.decode(tokens.access()).getKeyId());
        held.add(tokens.access());
        Api.Answer answer = (even ? two : one).get("/auth/profile", tokens.access());
        if (answer.status() != 200) {
          refused.add("auth: " + answer.status());
        }
        requests.addAndGet(2);
        held.removeIf(this::isOld);
        while (held.size() > 5) {
          held.removeFirst();
        }
        held.forEach(this::verify);
        round.incrementAndGet();
      }
    } catch (RuntimeException e) {
      refused.add(e.toString());
      throw e;
    }
  }

  private void verify(String token) {
    try {
      requests.incrementAndGet();
      service().verify(token);
    } catch (Failure e) {
      if (!isOld(token)) {
        refused.add("service: " + e.getMessage());
      }
    }
  }

  /// Tokens count for five minutes; the clock may advance by one while this is asked.
  private boolean isOld(String token) {
    Instant issued = JWT.decode(token).getIssuedAtAsInstant();
    return issued.plus(Duration.ofMinutes(4)).isBefore(fixture.clock.instant());
  }

  /// Uses up, for everybody, the one fetch in 30 s that an unknown key is worth.
  private void forge() {
    String header =
        "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"k%d\"}".formatted(forged.get());
    try {
      service().verify(base64(header) + ".e30." + "A".repeat(86));
      refused.add("a forged token was taken");
    } catch (Failure.Unauthenticated e) {
      forged.incrementAndGet();
    }
  }

  private static void awaitARound(List<AtomicInteger> rounds) {
    List<Integer> before = rounds.stream().map(AtomicInteger::get).toList();
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            IntStream.range(0, rounds.size())
                .allMatch(i -> rounds.get(i).get() >= before.get(i) + 1));
  }

  /// A new one each time: one that has seen a token does not check it again.
  private TokenVerifier service() {
    return new TokenVerifier(
        fixture.clock, fixture.environment.get("TOKEN_ISSUER"), published, _ -> false);
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
