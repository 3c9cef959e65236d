package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Evidence given back and deleted; the store is S3 in one half of the fixtures, a directory in the
/// other.
final class EvidenceDownloadIT {
  private static final byte[] PHOTO = Samples.jpeg(200_000);
  private static final Path DIRECTORY = Bench.get().folder().resolve("evidence-download");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static TrackingFixture inBucket;
  private static TrackingFixture inDirectory;

  private final UUID technician = UUID.randomUUID();
  private String token;
  private String supervisor;
  private UUID order;

  private enum Store {
    BUCKET,
    DIRECTORY;

    TrackingFixture fixture() {
      return this == BUCKET ? inBucket : inDirectory;
    }
  }

  @BeforeAll
  static void start() {
    inBucket = TrackingFixture.start();
    inDirectory =
        TrackingFixture.start(
            Map.of("EVIDENCE_STORE", "file", "EVIDENCE_DIRECTORY", DIRECTORY.toString()));
  }

  @AfterAll
  static void stop() {
    HTTP.close();
    inDirectory.close();
    inBucket.close();
  }

  @BeforeEach
  void open() {
    use(inDirectory);
  }

  private void use(TrackingFixture fixture) {
    token = fixture.tokens.issue(technician, Role.TECHNICIAN);
    supervisor = fixture.token(Role.SUPERVISOR);
    order = fixture.orderOf(technician);
  }

  @ParameterizedTest
  @EnumSource
  void a_file_comes_back_to_the_byte_and_only_as_a_download(Store store) throws Exception {
    TrackingFixture fixture = store.fixture();
    use(fixture);
    String path = "/evidence/" + upload(fixture, "señal nº 1.jpg", PHOTO);

    HttpResponse<byte[]> answer = download(fixture, path, supervisor);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(PHOTO);
    assertThat(header(answer, "Content-Type")).isEqualTo("image/jpeg");
    assertThat(header(answer, "Content-Length")).isEqualTo("200000");
    assertThat(header(answer, "Content-Disposition"))
        .isEqualTo(
            "attachment; filename=\"se_al_n__1.jpg\"; filename*=UTF-8''se%C3%B1al_n%C2%BA_1.jpg");
    assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(answer, "ETag")).isEqualTo('"' + Samples.sha256(PHOTO) + '"');
    assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "BUCKET, bytes=0-0, 0, 0",
    "BUCKET, bytes=199999-, 199999, 199999",
    "BUCKET, bytes=-70000, 130000, 199999",
    "BUCKET, bytes=100-99999999, 100, 199999",
    "DIRECTORY, bytes=0-0, 0, 0",
    "DIRECTORY, bytes=199999-, 199999, 199999",
    "DIRECTORY, bytes=-70000, 130000, 199999",
    "DIRECTORY, bytes=100-99999999, 100, 199999"
  })
  void a_part_comes_alone(Store store, String range, int first, int last) throws Exception {
    TrackingFixture fixture = store.fixture();
    use(fixture);
    String path = "/evidence/" + upload(fixture, "a.jpg", PHOTO);

    HttpResponse<byte[]> answer = download(fixture, path, token, "Range", range);

    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(header(answer, "Content-Range"))
        .isEqualTo("bytes %d-%d/200000".formatted(first, last));
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(PHOTO, first, last + 1));
  }

  @ParameterizedTest
  @EnumSource
  void where_a_picture_was_taken_is_for_those_who_supervise(Store store) throws Exception {
    TrackingFixture fixture = store.fixture();
    use(fixture);
    byte[] place = "Exif\0\0 4.6097 N 74.0817 W".getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    told.write(PHOTO, 0, 2);
    told.write(new byte[] {-1, (byte) 0xe1, 0, (byte) (place.length + 2)});
    told.write(place);
    told.write(PHOTO, 2, PHOTO.length - 2);
    byte[] without = told.toByteArray();
    Arrays.fill(without, 6, 6 + place.length, (byte) 0);
    String path = "/evidence/" + upload(fixture, "a.jpg", told.toByteArray());
    String tag = '"' + Samples.sha256(told.toByteArray()) + '"';

    HttpResponse<byte[]> theirs = download(fixture, path, token);
    HttpResponse<byte[]> part = download(fixture, path, token, "Range", "bytes=10-40");

    assertThat(download(fixture, path, supervisor).body()).isEqualTo(told.toByteArray());
    assertThat(download(fixture, path, fixture.token(Role.ADMIN)).body())
        .isEqualTo(told.toByteArray());
    assertThat(theirs.body()).isEqualTo(without);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(without, 10, 41));
    assertThat(header(theirs, "ETag")).isEqualTo(tag.replaceAll("\"$", "-redacted\""));
    assertThat(download(fixture, path, token, "If-None-Match", tag).statusCode()).isEqualTo(200);
  }

  @Test
  void a_part_that_is_not_there_and_one_of_another_version() throws Exception {
    String path = "/evidence/" + upload(inDirectory, "a.jpg", PHOTO);
    String tag = '"' + Samples.sha256(PHOTO) + '"';

    HttpResponse<byte[]> beyond = download(inDirectory, path, token, "Range", "bytes=200000-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(header(beyond, "Content-Range")).isEqualTo("bytes */200000");
    assertThat(header(beyond, "Content-Type")).startsWith("application/problem+json");

    assertThat(
            download(inDirectory, path, token, "Range", "bytes=0-1", "If-Range", tag).statusCode())
        .isEqualTo(206);
    assertThat(download(inDirectory, path, token, "Range", "bytes=0-1", "If-Range", "\"x\"").body())
        .isEqualTo(PHOTO);
    assertThat(download(inDirectory, path, token, "Range", "bytes=0-1,5-6").body())
        .isEqualTo(PHOTO);
    HttpResponse<byte[]> unchanged = download(inDirectory, path, token, "If-None-Match", tag);
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.body()).isEmpty();
    Api.Answer head = inDirectory.api.send("HEAD", path, token, null);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo("200000");
  }

  @Test
  void only_those_who_take_part_get_it_and_nobody_else_learns_that_it_is_there() throws Exception {
    String path = "/evidence/" + upload(inDirectory, "a.jpg", PHOTO);
    String nothing = "/evidence/" + UUID.randomUUID();

    assertThat(download(inDirectory, path, null).statusCode()).isEqualTo(401);
    for (Role role : List.of(Role.CLIENT, Role.TECHNICIAN)) {
      JsonNode there = problem(download(inDirectory, path, inDirectory.token(role)));
      JsonNode notThere = problem(download(inDirectory, nothing, inDirectory.token(role)));
      assertThat(there.path("status").asInt()).isEqualTo(404);
      assertThat(there.path("detail")).isEqualTo(notThere.path("detail"));
    }
    assertThat(download(inDirectory, path, inDirectory.token(Role.ADMIN)).statusCode())
        .isEqualTo(200);
    assertThat(download(inDirectory, "/evidence/..%2fx", token).statusCode()).isIn(400, 404);
  }

  @ParameterizedTest
  @EnumSource
  void a_deleted_file_is_gone_and_leaves_a_tombstone(Store store) {
    TrackingFixture fixture = store.fixture();
    use(fixture);
    UUID id = upload(fixture, "a.jpg", PHOTO);

    assertThat(delete(fixture, id, token)).isEqualTo(204);

    assertThat(delete(fixture, id, token)).isEqualTo(404);
    assertThat(fixture.api.get("/evidence/" + id, token).status()).isEqualTo(404);
    assertThat(fixture.api.get("/tracking/" + order + "/evidence", token).body().path("items"))
        .isEmpty();
    JsonNode tombstone = fixture.api.get("/tracking/" + order, token).body().at("/items/1");
    assertThat(tombstone.path("type").asText()).isEqualTo("tracking.evidence_deleted");
    assertThat(tombstone.at("/data/evidenceId").asText()).isEqualTo(id.toString());
    assertThat(tombstone.at("/data/sha256").asText()).isEqualTo(Samples.sha256(PHOTO));
    assertThat(tombstone.at("/data/deletedBy").asText()).isEqualTo(technician.toString());
    List<String> published =
        fixture.database.withHandle(handle ->
            handle
                .createQuery("select type from tracking.outbox where aggregate_id = ?")
                .bind(0, order)
                .mapTo(String.class)
                .list());
    assertThat(published).containsExactly("tracking.evidence_uploaded");
    if (store == Store.DIRECTORY) {
      assertThat(DIRECTORY.resolve(order.toString()).resolve(id.toString())).doesNotExist();
    }
  }

  @Test
  void only_the_uploader_and_who_supervises_may_delete() {
    UUID one = upload(inDirectory, "a.jpg", PHOTO);
    UUID two = upload(inDirectory, "b.jpg", PHOTO);
    UUID three = upload(inDirectory, "c.jpg", PHOTO);
    UUID successor = UUID.randomUUID();
    String successorToken = inDirectory.tokens.issue(successor, Role.TECHNICIAN);

    assertThat(delete(inDirectory, one, null)).isEqualTo(401);
    assertThat(delete(inDirectory, one, inDirectory.token(Role.CLIENT))).isEqualTo(403);
    assertThat(delete(inDirectory, one, inDirectory.token(Role.TECHNICIAN))).isEqualTo(404);
    assertThat(delete(inDirectory, two, supervisor)).isEqualTo(204);
    assertThat(delete(inDirectory, three, inDirectory.token(Role.ADMIN))).isEqualTo(204);
    inDirectory.database.useHandle(handle ->
        handle.execute(
            "update tracking.participant_order set technician_id = ? where order_id = ?",
            successor,
            order));
    assertThat(delete(inDirectory, one, successorToken)).isEqualTo(403);
  }

  @Test
  void the_evidence_of_an_ended_order_stays() {
    UUID id = upload(inDirectory, "a.jpg", PHOTO);
    end(order);

    assertThat(delete(inDirectory, id, token)).isEqualTo(409);
    assertThat(delete(inDirectory, id, supervisor)).isEqualTo(409);
    assertThat(inDirectory.api.get("/tracking/" + order + "/verify", supervisor).body().toString())
        .isEqualTo("{\"valid\":true,\"entries\":1}");
  }

  @Test
  void an_order_that_ends_meanwhile_keeps_what_it_has_and_takes_no_more() throws Exception {
    UUID id = upload(inDirectory, "a.jpg", PHOTO);

    List<Future<Integer>> answers = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      // Whoever ends the order holds its chain; upload and deletion were let in before.
      inDirectory.database.useTransaction(handle -> {
        handle.execute("select 1 from tracking.timeline_head where order_id = ? for update", order);
        answers.add(pool.submit(() -> delete(inDirectory, id, token)));
        answers.add(
            pool.submit(
                () -> inDirectory.upload(order, token, "AFTER", "b.jpg", Samples.PNG).status()));
        await()
            .until(() ->
                inDirectory.database.withHandle(other ->
                    other
                        .createQuery(
                            """
                            select count(*) from pg_stat_activity
                            where wait_event_type = 'Lock' and query like '%timeline_head%'
                            """)
                        .mapTo(Integer.class)
                        .one())
                    == 2);
        handle.execute(
            "update tracking.participant_order set status = 'COMPLETED' where order_id = ?", order);
      });
    }

    // On a busy machine the wait for the chain's lock may have been too long: 503.
    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isIn(409, 503);
    }
    assertThat(download(inDirectory, "/evidence/" + id, token).statusCode()).isEqualTo(200);
    try (var files = Files.list(DIRECTORY.resolve(order.toString()))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void many_who_delete_and_upload_at_once_leave_as_many_files_as_rows() throws Exception {
    List<UUID> first = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      first.add(upload(inDirectory, i + ".jpg", Samples.JPEG));
    }

    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (UUID id : first) {
        calls.add(() -> patiently(() -> delete(inDirectory, id, token)));
        calls.add(() -> patiently(() -> delete(inDirectory, id, supervisor)));
        calls.add(() ->
            patiently(
                () -> inDirectory.upload(order, token, "AFTER", "n.png", Samples.PNG).status()));
      }
      List<Integer> statuses = pool.invokeAll(calls).stream().map(Future::resultNow).toList();
      assertThat(statuses).filteredOn(status -> status == 204).hasSize(8);
      assertThat(statuses).filteredOn(status -> status == 404).hasSize(8);
      assertThat(statuses).filteredOn(status -> status == 201).hasSize(8);
    }

    assertThat(
            inDirectory
                .api
                .get("/tracking/" + order + "/evidence?limit=100", token)
                .body()
                .path("items"))
        .hasSize(8);
    try (var files = Files.list(DIRECTORY.resolve(order.toString()))) {
      assertThat(files).hasSize(8);
    }
    assertThat(
            inDirectory
                .api
                .get("/tracking/" + order + "/verify", supervisor)
                .body()
                .path("entries")
                .asInt())
        .isEqualTo(24);
  }

  @Test
  void readers_who_vanish_in_the_middle_hold_nothing_up() throws Exception {
    use(inBucket);
    UUID id = upload(inBucket, "big.jpg", Samples.jpeg(9 * 1024 * 1024));

    for (int i = 0; i < 60; i++) {
      try (Socket socket = new Socket("127.0.0.1", inBucket.app.port())) {
        socket
            .getOutputStream()
            .write(
                "GET /evidence/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                    .formatted(id, token)
                    .getBytes(StandardCharsets.US_ASCII));
        socket.setSoTimeout(20_000);
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
            .isEqualTo("HTTP/1.1 200");
      }
    }

    await()
        .until(() -> download(inBucket, "/evidence/" + id, token).body().length == 9 * 1024 * 1024);
  }

  private static int patiently(Callable<Integer> call) {
    return await().until(call, status -> status != 503);
  }

  private void end(UUID id) {
    inDirectory.database.useHandle(handle ->
        handle.execute(
            "update tracking.participant_order set status = 'COMPLETED' where order_id = ?", id));
  }

  private UUID upload(TrackingFixture fixture, String name, byte[] bytes) {
    Api.Answer answer = fixture.upload(order, token, "AFTER", name, bytes);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    return UUID.fromString(answer.text("/id"));
  }

  private static int delete(TrackingFixture fixture, UUID id, String as) {
    return fixture.api.send("DELETE", "/evidence/" + id, as, null).status();
  }

  private static HttpResponse<byte[]> download(
      TrackingFixture fixture, String path, String as, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + fixture.app.port() + path));
    if (as != null) {
      request.header("Authorization", "Bearer " + as);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse(null);
  }

  private static JsonNode problem(HttpResponse<byte[]> answer) throws IOException {
    return Mappers.TOLERANT.readTree(answer.body());
  }
}
