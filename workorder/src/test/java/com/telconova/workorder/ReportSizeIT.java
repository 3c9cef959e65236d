package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.ServiceProcess;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What reports cost when there are very many orders, in a process with a small heap.
final class ReportSizeIT {
  private static final List<String> FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC");

  /// With what is promised for full rounds; a build's machine is busy.
  private static final long MAX_MILLIS_OF_A_MONTH = Rounds.of(10_000, 1_000);

  private static final HttpClient http = HttpClient.newHttpClient();
  private static SeededDatabase seeded;
  private static Tokens tokens;
  private static ServiceProcess process;
  private static URI api;

  @BeforeAll
  static void start() {
    seeded = SeededDatabase.get();
    tokens = Tokens.open(Clock.systemUTC());
    Map<String, String> settings = Bench.get().environment("workorder");
    settings.put("DATABASE_URL", seeded.url());
    settings.put("JWKS_URL", tokens.jwksUrl().toString());
    settings.put("AUTH_URL", "http://127.0.0.1:1");
    settings.put("TRACKING_URL", "http://127.0.0.1:1");
    process = ServiceProcess.start("workorder", FLAGS, settings);
    api = URI.create("http://127.0.0.1:" + process.port());
  }

  @AfterAll
  static void stop() {
    process.close();
    tokens.close();
    http.close();
  }

  @Test
  void an_export_of_all_orders_takes_little_memory_and_disturbs_nobody() throws Exception {
    for (int i = 0; i < 200; i++) {
      get("/orders?status=CREATED");
    }
    double alone = p99(millisUntil(Duration.ofSeconds(Rounds.of(1, 10))));
    AtomicBoolean done = new AtomicBoolean();
    List<Double> beside = Collections.synchronizedList(new ArrayList<>());
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              while (!done.get()) {
                beside.add(millis("/orders?status=CREATED"));
              }
            });

    long began = System.nanoTime();
    HttpResponse<InputStream> export =
        http.send(request("/orders/export?format=csv"), BodyHandlers.ofInputStream());
    long[] bytesAndLines = count(export.body());
    double seconds = (System.nanoTime() - began) / 1e9;
    done.set(true);
    other.join();

    System.out.printf(
        "export: %,d lines, %,d MB in %.1f s (%,.0f a second), heap %s, peak RSS %d MiB; other"
            + " requests' p99 %.1f ms beside it (%d of them), %.1f ms alone%n",
        bytesAndLines[1],
        bytesAndLines[0] / 1_000_000,
        seconds,
        bytesAndLines[1] / seconds,
        FLAGS.getFirst(),
        process.peakResidentMebibytes(),
        p99(beside),
        beside.size(),
        alone);
    assertThat(bytesAndLines[1]).isEqualTo(seeded.plan().orders() + 1L);
  }

  @Test
  void an_export_has_what_its_filter_lets_through() throws Exception {
    for (String filter :
        List.of(
            "zone=CTG",
            "status=CREATED",
            "q=inundacion",
            "q=internet",
            "q=murcielago&zone=BOG-NORTE",
            "breached=true&priority=P1")) {
      String where =
          filter
              .replace("q=", "search like '%")
              .replaceAll("(%[a-z]+)", "$1%'")
              .replaceAll("(zone|status|priority)=([A-Z0-9-]+)", "$1 = '$2'")
              .replace("breached=true", "sla_breach_at <= now()")
              .replace("&", " and ");

      long began = System.nanoTime();
      long lines =
          count(
              http.send(request("/orders/export?" + filter), BodyHandlers.ofInputStream()).body())[
              1];

      System.out.printf(
          "export?%s: %,d lines in %.1f s%n", filter, lines, (System.nanoTime() - began) / 1e9);
      assertThat(lines).as(filter).isEqualTo(rows(where) + 1);
    }
  }

  @Test
  void figures_of_a_month_come_at_once_and_those_of_a_year_in_time() throws Exception {
    Instant now = seeded.plan().now();
    for (int days : new int[] {30, 366}) {
      for (String groupBy :
          List.of("", "&groupBy=zone", "&groupBy=category", "&groupBy=technician")) {
        String path =
            "/orders/stats?from=" + now.minus(Duration.ofDays(days)) + "&to=" + now + groupBy;
        double best = Double.MAX_VALUE;
        double worst = 0;
        for (int i = 0; i < Rounds.of(2, 10); i++) {
          double millis = millis(path);
          best = Math.min(best, millis);
          worst = Math.max(worst, millis);
        }
        System.out.printf("stats of %d days%s: %.0f to %.0f ms%n", days, groupBy, best, worst);
        assertThat(days == 366 || worst <= MAX_MILLIS_OF_A_MONTH)
            .as("%s: %s", path, worst)
            .isTrue();
      }
    }
  }

  @Test
  void technicians_and_candidates_come_at_once() throws Exception {
    UUID order =
        Jdbi.create(seeded.adminUrl())
            .withHandle(handle ->
                handle
                    .createQuery(
                        "select id from workorder.work_order where status = 'CREATED' limit 1")
                    .mapTo(UUID.class)
                    .one());
    for (String path :
        List.of(
            "/technicians",
            "/technicians?available=false",
            "/technicians?zone=ADZ",
            "/technicians?skill=FIBRA&zone=BOG-NORTE",
            "/technicians?skill=nobody",
            "/orders/" + order + "/candidates",
            "/orders/" + order + "/history",
            "/orders/" + order)) {
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < Rounds.of(5, 200); i++) {
        times.add(millis(path));
      }
      System.out.printf(
          "%s: p50 %.1f, p99 %.1f ms by HTTP%n",
          path.replace(order.toString(), "{id}"),
          times.stream().sorted().toList().get(times.size() / 2),
          p99(times));
    }
  }

  private static List<Double> millisUntil(Duration time) {
    List<Double> millis = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      millis.add(millis("/orders?status=CREATED"));
    }
    return millis;
  }

  private static double millis(String path) {
    long began = System.nanoTime();
    get(path);
    return (System.nanoTime() - began) / 1e6;
  }

  private static void get(String path) {
    try {
      HttpResponse<String> answer = http.send(request(path), BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
    } catch (IOException e) {
      throw new IllegalStateException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(path, e);
    }
  }

  private static HttpRequest request(String path) {
    return HttpRequest.newBuilder(api.resolve(path))
        .header("Authorization", "Bearer " + tokens.issue(UUID.randomUUID(), Role.SUPERVISOR))
        .build();
  }

  private static long[] count(InputStream in) throws IOException {
    long bytes = 0;
    long lines = 0;
    byte[] piece = new byte[1 << 16];
    try (in) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        bytes += read;
        for (int i = 0; i < read; i++) {
          lines += piece[i] == '\n' ? 1 : 0;
        }
      }
    }
    return new long[] {bytes, lines};
  }

  private static long rows(String where) {
    return Jdbi.create(seeded.adminUrl())
        .withHandle(handle ->
            handle
                .createQuery("select count(*) from workorder.work_order where " + where)
                .mapTo(Long.class)
                .one());
  }

  private static double p99(List<Double> millis) {
    List<Double> sorted = millis.stream().sorted().toList();
    return sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
  }
}
