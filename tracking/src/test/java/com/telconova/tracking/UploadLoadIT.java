package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.ServiceProcess;
import com.telconova.shared.testing.Tokens;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of the largest size, many at once, into a process with little more memory than ten of
/// them.
final class UploadLoadIT {
  private static final int HEAP_MEBIBYTES = 96;
  private static final List<String> FLAGS =
      List.of("-Xmx" + HEAP_MEBIBYTES + "m", "-XX:+UseSerialGC");
  private static final int UPLOADS = Rounds.of(8, 100);
  private static final int PER_ORDER = 10;
  private static final int OWN_BYTES = 36;
  private static final byte[] COMMON = Samples.jpeg(9 * 1024 * 1024 - OWN_BYTES);
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final UUID technician = UUID.randomUUID();
  private final Jdbi database = Jdbi.create(Bench.get().adminUrl());
  private final AtomicInteger putOff = new AtomicInteger();
  private final Map<String, String> sent = new ConcurrentHashMap<>(); // SHA-256 by id

  @ParameterizedTest
  @ValueSource(strings = {"s3", "file"})
  void many_large_files_at_once_all_arrive_whole_and_the_process_lives(String store)
      throws Exception {
    List<UUID> orders = new ArrayList<>();
    for (int i = 0; i < UPLOADS; i += PER_ORDER) {
      orders.add(TrackingFixture.orderOf(database, technician));
    }
    try (Tokens tokens = Tokens.open();
        ServiceProcess service = ServiceProcess.start("tracking", FLAGS, settings(tokens, store));
        HttpClient http = HttpClient.newHttpClient();
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      String base = "http://127.0.0.1:" + service.port();
      String token = tokens.issue(UUID.randomUUID(), Role.SUPERVISOR);

      long begin = System.nanoTime();
      List<Callable<String>> uploads = new ArrayList<>();
      for (int i = 0; i < UPLOADS; i++) {
        URI target = URI.create(base + "/tracking/" + orders.get(i / PER_ORDER) + "/evidence");
        uploads.add(() -> upload(http, target, token));
      }
      List<String> ids = new ArrayList<>();
      List<Future<String>> done = pool.invokeAll(uploads);
      double seconds = (System.nanoTime() - begin) / 1e9;
      for (Future<String> upload : done) {
        ids.add(upload.get());
      }

      System.out.printf(
          "%d uploads of 9 MiB at once, %s store: %.1f s, %d put off (503), RSS %d (peak %d) MiB of "
              + "a heap of %d%n",
          UPLOADS,
          store,
          seconds,
          putOff.get(),
          service.residentMebibytes(),
          service.peakResidentMebibytes(),
          HEAP_MEBIBYTES);
      assertThat(service.isAlive()).isTrue();
      assertThat(ids).doesNotHaveDuplicates().hasSize(UPLOADS);
      for (String id : ids) { // deleted, so that the emulator need not keep a gigabyte
        URI file = URI.create(base + "/evidence/" + id);
        assertThat(download(http, file, token)).isEqualTo(sent.get(id));
        HttpRequest delete = request(file, token).DELETE().build();
        assertThat(http.send(delete, HttpResponse.BodyHandlers.discarding()).statusCode())
            .isEqualTo(204);
      }
    }
  }

  private static Map<String, String> settings(Tokens tokens, String store) {
    Map<String, String> settings =
        TrackingFixture.environment(tokens, URI.create("http://127.0.0.1:1"), 1);
    settings.put("EVIDENCE_STORE", store);
    if (store.equals("file")) {
      settings.put("EVIDENCE_DIRECTORY", Bench.get().folder().resolve("evidence-load").toString());
    }
    return settings;
  }

  /// Until it is taken; who is put off comes again.
  private String upload(HttpClient http, URI target, String token) throws Exception {
    String own = UUID.randomUUID().toString();
    HttpRequest request =
        request(target, token)
            .header("Content-Type", "multipart/form-data; boundary=" + MultipartForm.BOUNDARY)
            .POST(
                BodyPublishers.concat(
                    BodyPublishers.ofString(
                        """
                        --%1$s\r
                        Content-Disposition: form-data; name="kind"\r
                        \r
                        AFTER\r
                        --%1$s\r
                        Content-Disposition: form-data; name="file"; filename="roof.jpg"\r
                        \r
                        """
                            .formatted(MultipartForm.BOUNDARY)),
                    BodyPublishers.ofByteArray(COMMON),
                    BodyPublishers.ofString(
                        own + "\r\n--%s--\r\n".formatted(MultipartForm.BOUNDARY))))
            .build();
    HttpResponse<String> answer =
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(RETRY_AFTER)
            .atMost(PATIENCE)
            .until(
                () -> http.send(request, HttpResponse.BodyHandlers.ofString()),
                each -> each.statusCode() != 503 || isPutOff(each));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonNode evidence = Mappers.TOLERANT.readTree(answer.body());
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(COMMON);
    String expected =
        HexFormat.of().formatHex(sha256.digest(own.getBytes(StandardCharsets.US_ASCII)));
    assertThat(evidence.path("sha256").asText()).isEqualTo(expected);
    sent.put(evidence.path("id").asText(), expected);
    return evidence.path("id").asText();
  }

  /// Counts it; one that does not say when to come again ends the waiting.
  private boolean isPutOff(HttpResponse<String> refusal) {
    putOff.incrementAndGet();
    return refusal.headers().firstValue("Retry-After").isEmpty();
  }

  private static String download(HttpClient http, URI file, String token) throws Exception {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    HttpRequest request = request(file, token).build();
    try (InputStream bytes = http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      byte[] buffer = new byte[64 * 1024];
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static HttpRequest.Builder request(URI target, String token) {
    return HttpRequest.newBuilder(target)
        .timeout(Duration.ofMinutes(3))
        .header("Authorization", "Bearer " + token);
  }
}
