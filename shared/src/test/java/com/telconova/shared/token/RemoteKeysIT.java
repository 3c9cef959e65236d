package com.telconova.shared.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.HandClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RemoteKeysIT {
  private final HandClock clock = HandClock.atNow();
  private final AtomicInteger fetches = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer auth;
  private volatile int status = 200;
  private volatile String published;
  private volatile CountDownLatch slow = new CountDownLatch(0);
  private RemoteKeys keys;

  @BeforeEach
  void start() throws Exception {
    publish("k1");
    auth = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    auth.setExecutor(threads);
    auth.createContext(
        "/",
        exchange -> {
          try (exchange) {
            fetches.incrementAndGet();
            slow.await(10, TimeUnit.SECONDS);
            byte[] body = published.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    auth.start();
    keys = new RemoteKeys(clock, uri(), http);
  }

  @AfterEach
  void stop() {
    slow.countDown();
    auth.stop(0);
    http.close();
    threads.close();
  }

  @Test
  void without_keys_nothing_can_be_verified_and_once_had_they_serve_for_good() {
    status = 500;

    assertThat(keys.fault()).contains("auth has not given its keys yet");
    assertThat(keys.fault()).isPresent();
    assertThat(fetches).hasValue(1); // not more than once a second

    status = 200;
    clock.advance(Duration.ofSeconds(1));
    assertThat(keys.fault()).isEmpty();

    auth.stop(0);
    clock.advance(Duration.ofHours(1));
    assertThat(keys.fault()).isEmpty();
    assertThat(keys.find("k1")).isPresent();
  }

  @Test
  void a_known_key_is_fetched_once_for_ten_minutes() {
    for (int i = 0; i < 20; i++) {
      assertThat(keys.find("k1")).isPresent();
      clock.advance(Duration.ofSeconds(29));
    }
    assertThat(fetches).hasValue(1);

    clock.advance(Duration.ofMinutes(1));

    assertThat(keys.find("k1")).isPresent();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void unknown_keys_cost_one_fetch_in_thirty_seconds_however_many_ask() {
    keys.find("k1");

    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 200; i++) {
        assertThat(keys.find("forged-" + i)).isEmpty();
      }
      assertThat(keys.find("k1")).isPresent();
      clock.advance(Duration.ofSeconds(1));
    }

    System.out.println("fetches in 60 s with 12,000 unknown kids: " + (fetches.get() - 1));
    assertThat(fetches.get() - 1).isBetween(1, 2);
  }

  @Test
  void a_new_key_is_found_and_the_old_one_stays_as_long_as_it_is_published() throws Exception {
    keys.find("k1");
    publish("k1", "k2");
    clock.advance(Duration.ofSeconds(31));

    assertThat(keys.find("k2")).isPresent();
    assertThat(keys.find("k1")).isPresent();

    publish("k2");
    clock.advance(Duration.ofMinutes(11));
    assertThat(keys.find("k2")).isPresent();
    assertThat(keys.find("k1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gone",
        "500",
        "not json",
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":[null]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"x\":\"!\",\"y\":\"!\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k1\",\"n\":\"x\",\"e\":\"AQAB\"}]}"
      })
  void when_auth_fails_the_keys_at_hand_go_on_serving(String fault) {
    keys.find("k1");
    switch (fault) {
      case "gone" -> auth.stop(0);
      case "500" -> status = 500;
      default -> published = fault;
    }

    for (int minutes = 0; minutes < 60; minutes++) {
      clock.advance(Duration.ofMinutes(1));
      assertThat(keys.find("k1")).isPresent();
      assertThat(keys.find("k2")).isEmpty();
    }
  }

  @Test
  void when_auth_does_not_answer_while_many_ask_it_is_asked_once() {
    keys.find("k1");
    clock.advance(Duration.ofMinutes(11));
    slow = new CountDownLatch(1);

    Future<Optional<ECPublicKey>> waits = threads.submit(() -> keys.find("k1"));
    await().untilAsserted(() -> assertThat(fetches).hasValue(2));

    long start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      assertThat(keys.find("k1")).isPresent();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
    slow.countDown();
    assertThat(get(waits)).isPresent();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void those_who_ask_first_all_wait_for_one_fetch() {
    slow = new CountDownLatch(1);
    List<Future<Optional<ECPublicKey>>> first =
        IntStream.range(0, 50).mapToObj(_ -> threads.submit(() -> keys.find("k1"))).toList();
    await().untilAsserted(() -> assertThat(fetches).hasValue(1));

    slow.countDown();

    assertThat(first).allSatisfy(one -> assertThat(get(one)).isPresent());
    assertThat(fetches).hasValue(1);
  }

  @Test
  void without_auth_at_the_start_tokens_cannot_be_verified_yet_and_then_can() throws IOException {
    InetSocketAddress address = auth.getAddress();
    auth.stop(0);

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> keys.find("k1")).isInstanceOf(Failure.Unavailable.class);
    }

    HttpServer back = HttpServer.create(address, 0);
    back.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = published.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    back.start();
    clock.advance(Duration.ofSeconds(1));
    assertThat(keys.find("k1")).isPresent();
    back.stop(0);
  }

  @Test
  void an_auth_that_hangs_at_the_start_holds_nobody_up_for_long() {
    slow = new CountDownLatch(1);
    long start = System.nanoTime();

    List<Future<Boolean>> first =
        IntStream.range(0, 30)
            .mapToObj(_ ->
                threads.submit(() -> {
                  try {
                    return keys.find("k1").isPresent();
                  } catch (Failure.Unavailable e) {
                    return false;
                  }
                }))
            .toList();

    assertThat(first).allSatisfy(one -> assertThat(get(one)).isFalse());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(fetches.get()).isLessThanOrEqualTo(2);
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + auth.getAddress().getPort() + "/keys");
  }

  private void publish(String... kids) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    ECPublicKey key = (ECPublicKey) generator.generateKeyPair().getPublic();
    published =
        Mappers.TOLERANT.writeValueAsString(
            new JwkSet(Stream.of(kids).map(kid -> JwkSet.Jwk.of(kid, key)).toList()));
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
