package com.telconova.local.gateway;

import com.telconova.local.gateway.Backend.Instance;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Asks every instance's `/health/ready` again and again, each on a thread of its own, so that one
/// that hangs keeps nobody else waiting.
final class HealthWatch implements AutoCloseable {

  // From readiness saying no until the last request, at most the sum of both: less than a stopping
  // service lingers.
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final Duration TIME = Duration.ofSeconds(1);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIME).build();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Begins to ask. A service with a single instance is not asked: there is nobody to choose.
  HealthWatch(List<Backend> backends) {
    for (var backend : backends) {
      if (backend.instances().size() > 1) {
        for (var instance : backend.instances()) {
          Thread.ofVirtual().name("health-" + instance.api()).start(() -> watch(backend, instance));
        }
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    http.shutdownNow();
  }

  private void watch(Backend backend, Instance instance) {
    try {
      do {
        if (isReady(instance)) {
          backend.putIn(instance);
        } else {
          backend.takeOut(instance);
        }
      } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isReady(Instance instance) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(instance.admin().resolve("/health/ready")).timeout(TIME).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException down) {
      return false;
    }
  }
}
