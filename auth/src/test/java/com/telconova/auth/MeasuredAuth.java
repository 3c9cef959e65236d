package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ServiceProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// An auth process as the workbench starts one, and eight clients that ask it as fast as it
/// answers: for what something costs, by the same process with it and without.
final class MeasuredAuth implements AutoCloseable {
  private static final int CLIENTS = 8;
  private static final List<String> FLAGS =
      List.of(
          "-Xms8m",
          "-Xmx80m",
          "-XX:ReservedCodeCacheSize=48m",
          "-XX:TrimNativeHeapInterval=5000",
          "-XX:+UseSerialGC");

  private final ServiceProcess auth;
  private final Api api;
  private final Tokens admin;

  /// @param perSecond requests that were answered
  /// @param cpuMicros of processor time that the process took for each; unlike the time on the
  ///   clock it is not much of others who use the machine
  record Asked(double perSecond, double cpuMicros) {}

  MeasuredAuth(AuthFixture fixture) {
    auth = ServiceProcess.start("auth", FLAGS, fixture.environment);
    api = new Api(auth.port());
    admin = fixture.login(api, AuthFixture.ADMIN);
  }

  int residentMebibytes() {
    return auth.residentMebibytes();
  }

  int adminPort() {
    return auth.adminPort();
  }

  /// Asks for a profile this often.
  Asked ask(int times) throws InterruptedException, ExecutionException {
    double before = cpuMicros();
    long began = System.nanoTime();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        running.add(
            clients.submit(() -> {
              for (int i = 0; i < times / CLIENTS; i++) {
                assertThat(api.get("/auth/profile", admin.access()).status()).isEqualTo(200);
              }
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Asked(times / seconds, (cpuMicros() - before) / times);
  }

  // Not by /metrics: whoever measures what a scrape costs must be able to leave it.
  private double cpuMicros() {
    return ProcessHandle.of(auth.pid())
            .orElseThrow()
            .info()
            .totalCpuDuration()
            .orElseThrow()
            .toNanos()
        / 1e3;
  }

  @Override
  public void close() {
    api.close();
    auth.close();
  }
}
