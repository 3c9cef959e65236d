package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.auth.AuthFixture.Tokens;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.ChildProcess;
import com.telconova.shared.testing.Crowd;
import com.telconova.shared.testing.Lifeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// A real process with the memory of a small task, and 500 people who all log in at once.
@EnabledOnOs(OS.LINUX)
final class LoginBurstIT {
  private static final int PEOPLE = 500;
  private static final int TASK_MIB = 256;
  private static final Duration BURST = Duration.ofSeconds(5);

  /// What a task gets on ECS, as the workbench starts it.
  private static final List<String> FLAGS =
      List.of(
          "-Xmx96m",
          "-Xss512k",
          "-XX:ReservedCodeCacheSize=48m",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData");

  @Test
  void five_hundred_logins_at_once_neither_kill_a_small_process_nor_keep_others_from_refreshing() {
    try (Lifeline lifeline = Lifeline.open();
        AuthFixture fixture = new AuthFixture();
        ChildProcess auth = start(fixture, lifeline);
        Api api = new Api(Integer.parseInt(fixture.environment.get("HTTP_PORT")))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> api.get("/.well-known/jwks.json", null).status() == 200);
      Tokens admin = fixture.login(api, AuthFixture.ADMIN);
      fixture.register(api, "everybody@example.com");

      burst(fixture); // code is hot now, as it is a minute after any start
      CompletableFuture<Crowd.Told> burst = CompletableFuture.supplyAsync(() -> burst(fixture));
      List<Long> refreshes = new ArrayList<>();
      while (!burst.isDone()) {
        long start = System.nanoTime();
        admin = Tokens.of(fixture.tryToRefresh(api, admin.refresh()));
        refreshes.add(System.nanoTime() - start);
      }
      Crowd.Told told = burst.join();

      long[] times = refreshes.stream().mapToLong(Long::longValue).sorted().toArray();
      System.out.printf(
          "%d logins at once: %s; %d refreshes meanwhile, p50 %.0f p99 %.0f ms; peak memory %d MiB%n",
          PEOPLE,
          told,
          times.length,
          Crowd.Told.millis(times, 50),
          Crowd.Told.millis(times, 99),
          peakMemory(auth.pid()));
      assertThat(auth.isAlive()).isTrue();
      assertThat(told.answers()).containsKey(200);
      assertThat(told.answers().keySet()).isSubsetOf(200, 429, 503);
      assertThat(told.bare()).isZero();
      assertThat(Crowd.Told.millis(times, 99)).isLessThan(500);
      assertThat(peakMemory(auth.pid())).isLessThan(TASK_MIB);
    }
  }

  private static Crowd.Told burst(AuthFixture fixture) {
    String body =
        "{\"email\": \"everybody@example.com\", \"password\": \"%s\"}"
            .formatted(AuthFixture.PASSWORD);
    String request =
        "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    int port = Integer.parseInt(fixture.environment.get("HTTP_PORT"));
    try (Crowd crowd = Crowd.open(port, PEOPLE, _ -> request)) {
      return crowd.ask(PEOPLE, BURST, Duration.ofSeconds(1));
    }
  }

  private static ChildProcess start(AuthFixture fixture, Lifeline lifeline) {
    fixture.environment.put("HTTP_PORT", Integer.toString(freePort()));
    fixture.environment.put("MALLOC_ARENA_MAX", "2");
    Path module = Checkout.find().root().resolve("auth");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-jar", "target/auth.jar"));
    return ChildProcess.start(
        "auth",
        command,
        module,
        Map.copyOf(fixture.environment),
        Bench.get().folder().resolve("login-burst.log"),
        new ChildProcess.Stop("TERM", Duration.ofSeconds(20)),
        lifeline);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The most that was ever resident, in MiB.
  private static long peakMemory(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElseThrow()
          / 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
