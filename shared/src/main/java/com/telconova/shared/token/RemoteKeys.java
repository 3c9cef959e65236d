package com.telconova.shared.token;

import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys that auth publishes as a JWK set, fetched by REST.
///
/// A set is good for 10 minutes; an unknown `kid` asks sooner, but at most every 30 s, so that
/// forged tokens cannot make us hammer auth. When auth does not answer, the set at hand goes on
/// serving.
public final class RemoteKeys implements VerificationKeys {
  private static final Logger log = LoggerFactory.getLogger(RemoteKeys.class);
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration RETRY_WITHOUT_KEYS = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Clock clock;
  private final URI source;
  private final HttpClient http;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Map<String, ECPublicKey> keys = Map.of();
  private volatile Instant fetched = Instant.MIN;
  private volatile Instant tried = Instant.MIN;

  public RemoteKeys(Clock clock, URI source, HttpClient http) {
    this.clock = clock;
    this.source = source;
    this.http = http;
  }

  /// @throws Failure.Unavailable when there are no keys at all yet and auth does not answer
  @Override
  public Optional<ECPublicKey> find(String kid) {
    ECPublicKey known = keys.get(kid);
    Duration age = age(fetched);
    if (known == null || age.compareTo(FRESH) > 0) {
      refresh(kid);
    }
    if (keys.isEmpty()) {
      throw new Failure.Unavailable(
          "Tokens cannot be verified yet: auth does not answer.", RETRY_WITHOUT_KEYS);
    }
    return Optional.ofNullable(keys.get(kid));
  }

  /// Why no token can be verified at all, in a few words: no keys were had yet. Asks auth for them,
  /// at most once a second. Empty from the first set on, whatever becomes of auth.
  public Optional<String> fault() {
    if (keys.isEmpty()) {
      refresh("");
    }
    return keys.isEmpty() ? Optional.of("auth has not given its keys yet") : Optional.empty();
  }

  /// Who knows the key goes on with it while another fetches; who does not waits for the fetch.
  private void refresh(String kid) {
    try {
      boolean mine =
          keys.containsKey(kid)
              ? fetching.tryLock()
              : fetching.tryLock(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (mine) {
        fetchThenUnlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fetchThenUnlock() {
    try {
      Duration pause = keys.isEmpty() ? RETRY_WITHOUT_KEYS : PAUSE;
      if (age(tried).compareTo(pause) >= 0) {
        fetch();
        // Only now: while auth hangs, those who waited must not each ask again.
        tried = clock.instant();
      }
    } finally {
      fetching.unlock();
    }
  }

  private void fetch() {
    try {
      HttpRequest request = HttpRequest.newBuilder(source).timeout(TIMEOUT).build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      Map<String, ECPublicKey> found =
          Mappers.TOLERANT.readValue(response.body(), JwkSet.class).toKeys();
      if (found.isEmpty()) {
        throw new IOException("the set is empty");
      }
      keys = found;
      fetched = clock.instant();
    } catch (IOException | RuntimeException e) {
      log.warn(
          "Could not fetch the keys from {}; going on with {} key(s): {}",
          source,
          keys.size(),
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration age(Instant since) {
    return since == Instant.MIN ? Duration.ofDays(1) : Duration.between(since, clock.instant());
  }
}
