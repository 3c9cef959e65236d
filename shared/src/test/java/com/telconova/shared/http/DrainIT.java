package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.json.Json;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DrainIT {
  private static final int IN_FLIGHT = 100;
  private static final String BODY = "y".repeat(50_000);

  private final AtomicInteger arrived = new AtomicInteger();
  private final CountDownLatch goOn = new CountDownLatch(1);

  private void routes(RoutesConfig routes) {
    routes.get("/fast", ctx -> ctx.result("ok"), Role.ANYONE);
    routes.get("/held", this::held, Role.ANYONE);
    routes.post("/held", this::held, Role.ANYONE);
    routes.post(
        "/read",
        ctx -> {
          arrived.incrementAndGet();
          Json.bytes(ctx);
        },
        Role.ANYONE);
  }

  private void held(Context ctx) throws InterruptedException {
    arrived.incrementAndGet();
    goOn.await(20, TimeUnit.SECONDS);
    ctx.result(BODY);
  }

  @Test
  void what_is_in_flight_is_finished_and_what_comes_after_is_refused() throws Exception {
    try (House house = new House(this::routes)) {
      List<House.Wire> inFlight = hold(house, IN_FLIGHT);

      CompletableFuture<Long> drained = drain(house, Duration.ofSeconds(15));
      awaitRefusal(house);
      // longer than the second after which a draining Jetty closes what is idle
      assertThat(inFlight.getFirst().isSilentFor(Duration.ofMillis(1_500))).isTrue();
      goOn.countDown();

      int lost = 0;
      for (House.Wire wire : inFlight) {
        lost += answer(wire).endsWith(BODY) ? 0 : 1;
        wire.close();
      }
      System.out.println("requests in flight at the stop: " + IN_FLIGHT + ", lost: " + lost);
      assertThat(lost).isZero();
      assertThat(drained.get(10, TimeUnit.SECONDS)).isLessThan(5_000);
      assertThatThrownBy(house::wire).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void idle_connections_do_not_hold_up_the_stop() throws Exception {
    try (House house = new House(this::routes)) {
      List<House.Wire> idle = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        House.Wire wire = house.wire();
        wire.write("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n");
        wire.readAnswer();
        idle.add(wire);
      }

      long millis = drain(house, Duration.ofSeconds(15)).get(20, TimeUnit.SECONDS);

      System.out.println("drain with 20 idle connections: " + millis + " ms");
      assertThat(millis).isLessThan(3_000);
      for (House.Wire wire : idle) {
        assertThat(wire.isClosedByServer()).isTrue();
        wire.close();
      }
    }
  }

  @Test
  void a_new_request_on_an_old_connection_is_told_to_go_elsewhere() throws Exception {
    try (House house = new House(this::routes);
        House.Wire old = house.wire()) {
      old.write("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n");
      old.readAnswer();
      List<House.Wire> inFlight = hold(house, 1);
      CompletableFuture<Long> drained = drain(house, Duration.ofSeconds(15));
      awaitRefusal(house);

      old.write("GET /fast HTTP/1.1\r\nHost: x\r\n\r\n");
      String answer = old.readAnswer();
      goOn.countDown();

      assertThat(answer)
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("\r\nConnection: close\r\n")
          .containsIgnoringCase("\r\nRetry-After: ")
          .contains("urn:microflow:problem:unavailable");
      assertThat(answer(inFlight.getFirst())).endsWith(BODY);
      drained.get(10, TimeUnit.SECONDS);
    }
  }

  /// A draining Jetty waits a second for bytes: what is on its way through a busy machine may be
  /// slower, and whoever sent it may send it again.
  @Test
  void a_body_that_stalls_while_the_server_stops_is_asked_for_again() throws Exception {
    try (House house = new House(this::routes);
        House.Wire stalled = house.wire()) {
      stalled.write(
          "POST /read HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Content-Length: 20\r\n\r\n{");
      await().untilAsserted(() -> assertThat(arrived).hasValue(1));

      CompletableFuture<Long> drained = drain(house, Duration.ofSeconds(15));

      assertThat(stalled.readAnswer())
          .startsWith("HTTP/1.1 408 ")
          .contains("\r\nConnection: close\r\n")
          .contains("urn:microflow:problem:timeout", "send it again");
      drained.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_request_that_does_not_end_cannot_hold_up_the_stop_beyond_the_limit() throws Exception {
    try (House house = new House(this::routes)) {
      List<House.Wire> inFlight = hold(house, 1);

      long millis = drain(house, Duration.ofSeconds(1)).get(10, TimeUnit.SECONDS);

      System.out.println("drain of 1 s with a request that does not end: " + millis + " ms");
      assertThat(millis).isBetween(900L, 4_000L);
      assertThat(answer(inFlight.getFirst())).doesNotEndWith(BODY);
    } finally {
      goOn.countDown();
    }
  }

  private List<House.Wire> hold(House house, int count) {
    List<House.Wire> wires = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      House.Wire wire = house.wire();
      wire.write(
          i % 2 == 0
              ? "GET /held HTTP/1.1\r\nHost: x\r\n\r\n"
              : "POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
      wires.add(wire);
    }
    await().untilAsserted(() -> assertThat(arrived).hasValue(count));
    return wires;
  }

  private static CompletableFuture<Long> drain(House house, Duration limit) {
    return CompletableFuture.supplyAsync(() -> {
      long start = System.nanoTime();
      house.server.drain(limit);
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    });
  }

  private static void awaitRefusal(House house) {
    await()
        .until(() -> {
          try (House.Wire _ = house.wire()) {
            return false;
          } catch (UncheckedIOException e) {
            return true;
          }
        });
  }

  private static String answer(House.Wire wire) {
    try {
      return wire.readAnswer();
    } catch (UncheckedIOException e) {
      return "lost";
    }
  }
}
