package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EvidenceApiIT {
  private static final int MAX_FILE = 9 * 1024 * 1024;
  private static final Path DIRECTORY = Bench.get().folder().resolve("evidence-api");
  private static TrackingFixture fixture;

  private final UUID technician = UUID.randomUUID();
  private final String token = fixture.tokens.issue(technician, Role.TECHNICIAN);
  private UUID order;

  @BeforeAll
  static void start() {
    fixture =
        TrackingFixture.start(
            Map.of("EVIDENCE_STORE", "file", "EVIDENCE_DIRECTORY", DIRECTORY.toString()));
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void open() {
    order = fixture.orderOf(technician);
  }

  @Test
  void a_file_of_nine_mebibytes_is_kept_whole() {
    byte[] file = Samples.jpeg(MAX_FILE);

    Api.Answer answer = fixture.upload(order, token, "AFTER", "roof.jpg", file);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    assertThat(answer.body().path("sizeBytes").asInt()).isEqualTo(MAX_FILE);
    assertThat(answer.text("/sha256")).isEqualTo(Samples.sha256(file));
    assertThat(kept()).containsExactly(order + "/" + answer.text("/id"));
    assertThat(DIRECTORY.resolve(order.toString()).resolve(answer.text("/id")))
        .hasBinaryContent(file);
  }

  @Test
  void one_byte_more_is_refused_and_leaves_nothing() {
    Api.Answer answer =
        fixture.upload(order, token, "AFTER", "roof.jpg", Samples.jpeg(MAX_FILE + 1));

    assertThat(answer.status()).isEqualTo(413);
    assertNothingKept();
  }

  @Test
  void a_request_far_beyond_the_limit_is_refused() {
    Api.Answer answer =
        fixture.upload(order, token, "AFTER", "roof.jpg", Samples.jpeg(60 * 1024 * 1024));

    assertThat(answer.status()).isEqualTo(413);
    assertNothingKept();
  }

  @Test
  void a_program_that_calls_itself_a_photo_is_refused_and_leaves_nothing() {
    byte[] program = Arrays.copyOf(Samples.EXE, 300_000);

    Api.Answer answer = fixture.upload(order, token, "AFTER", "roof.jpg", program);

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertNothingKept();
  }

  /// Nobody can tell from a picture that it is nothing else besides; so it is served as the picture
  /// that it begins as, to be saved and never shown as anything else.
  @Test
  void a_photo_that_is_a_page_or_an_archive_as_well_is_a_photo_only() {
    byte[] page = "<html><script>alert(1)</script></html>PK\3\4".getBytes(StandardCharsets.UTF_8);
    byte[] both = Samples.jpeg(2_000 + page.length);
    System.arraycopy(page, 0, both, 2_000, page.length);

    Api.Answer upload = fixture.upload(order, token, "AFTER", "roof.html", both);
    Api.Answer download = fixture.api.get("/evidence/" + upload.text("/id"), token);

    assertThat(upload.status()).isEqualTo(201);
    assertThat(upload.text("/contentType")).isEqualTo("image/jpeg");
    assertThat(download.header("Content-Type")).isEqualTo("image/jpeg");
    assertThat(download.header("Content-Disposition")).startsWith("attachment");
    assertThat(download.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void a_page_and_an_archive_are_refused_whatever_they_are_called() {
    byte[] page = "<html><script>alert(1)</script></html>".getBytes(StandardCharsets.UTF_8);
    byte[] archive = Arrays.copyOf(new byte[] {'P', 'K', 3, 4, 20}, 2_000);

    assertThat(fixture.upload(order, token, "AFTER", "a.jpg", page).status()).isEqualTo(415);
    assertThat(fixture.upload(order, token, "AFTER", "a.jpg", archive).status()).isEqualTo(415);
    assertNothingKept();
  }

  @Test
  void the_kind_may_come_after_the_file() {
    MultipartForm form =
        new MultipartForm().file("order.pdf", Samples.PDF).text("kind", "DOCUMENT");

    Api.Answer answer = fixture.upload(order, token, form);

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text("/kind")).isEqualTo("DOCUMENT");
    assertThat(answer.text("/contentType")).isEqualTo("application/pdf");
  }

  @Test
  void a_photo_that_is_sent_again_under_its_key_is_kept_once() {
    MultipartForm form = new MultipartForm().text("kind", "AFTER").file("a.jpg", Samples.JPEG);
    MultipartForm turned = new MultipartForm().file("a.jpg", Samples.JPEG).text("kind", "AFTER");
    MultipartForm other = new MultipartForm().text("kind", "AFTER").file("a.pdf", Samples.PDF);

    Api.Answer first = fixture.upload(order, token, form, "Idempotency-Key", "photo-1");
    Api.Answer again = fixture.upload(order, token, turned, "Idempotency-Key", "photo-1");
    Api.Answer another = fixture.upload(order, token, other, "Idempotency-Key", "photo-1");

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.response().body()).isEqualTo(first.response().body());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(another.status()).isEqualTo(422);
    assertThat(kept()).containsExactly(order + "/" + first.text("/id"));
  }

  @Test
  void missing_wrong_and_foreign_parts_are_all_named() {
    MultipartForm form =
        new MultipartForm().file("roof.jpg", Samples.JPEG).text("kind", "ROOF").text("extra", "1");

    Api.Answer answer = fixture.upload(order, token, form);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/kind", "/extra");
    assertNothingKept();
  }

  @Test
  void a_form_without_its_parts_is_refused() {
    Api.Answer answer = fixture.upload(order, token, new MultipartForm());

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/file", "/kind");
  }

  @Test
  void json_is_no_upload() {
    Api.Answer answer = fixture.api.post("/tracking/" + order + "/evidence", token, "{}");

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void whoever_asks_before_sending_is_told_without_sending() throws Exception {
    UUID unknown = UUID.randomUUID();
    try (Socket refused = connect(unknown, 8_000_000, "Expect: 100-continue\r\n");
        Socket admitted = connect(order, 8_000_000, "Expect: 100-continue\r\n")) {
      assertThat(statusLine(refused)).isEqualTo("HTTP/1.1 404");
      assertThat(statusLine(admitted)).isEqualTo("HTTP/1.1 100");
    }
  }

  @Test
  void an_upload_that_is_cut_off_half_way_leaves_nothing() throws Exception {
    byte[] form =
        new MultipartForm().text("kind", "AFTER").file("a.jpg", Samples.jpeg(8_000_000)).bytes();
    try (Socket socket = connect(order, form.length, "")) {
      socket.getOutputStream().write(form, 0, 7_000_000);
      socket.getOutputStream().flush();
      await().until(() -> !kept().isEmpty());
    }

    await().until(() -> kept().isEmpty());
    assertNothingKept();
  }

  @Test
  void a_form_that_ends_without_its_last_boundary_is_refused() throws Exception {
    byte[] form =
        new MultipartForm().text("kind", "AFTER").file("a.jpg", Samples.JPEG).unfinished();
    try (Socket socket = connect(order, form.length, "")) {
      socket.getOutputStream().write(form);

      assertThat(statusLine(socket)).startsWith("HTTP/1.1 400");
    }
    assertNothingKept();
  }

  @Test
  void a_body_shorter_than_its_announced_length_leaves_nothing() throws Exception {
    byte[] form = new MultipartForm().text("kind", "AFTER").file("a.jpg", Samples.JPEG).bytes();
    try (Socket socket = connect(order, form.length + 1, "")) {
      socket.getOutputStream().write(form);
      socket.shutdownOutput();

      assertThat(statusLine(socket)).isIn("HTTP/1.1 400", "");
    }
    assertNothingKept();
  }

  @Test
  void a_name_that_climbs_out_of_its_folder_is_only_a_name() {
    Api.Answer answer =
        fixture.upload(order, token, "AFTER", "../../etc/pass\u202ewd.jpg", Samples.JPEG);

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text("/fileName")).isEqualTo("passwd.jpg");
  }

  @Test
  void of_many_uploads_at_once_exactly_twenty_are_kept() throws Exception {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> uploads =
          IntStream.range(0, 26)
              .<Callable<Integer>>mapToObj(n -> () -> uploadPatiently(n + ".png"))
              .toList();
      Map<Integer, Long> statuses =
          pool.invokeAll(uploads).stream()
              .collect(Collectors.groupingBy(Future::resultNow, Collectors.counting()));
      assertThat(statuses).isEqualTo(Map.of(201, 20L, 409, 6L));
    }

    assertThat(kept()).hasSize(20);
    assertThat(
            fixture
                .api
                .get("/tracking/" + order + "/evidence?limit=100", token)
                .body()
                .path("items"))
        .hasSize(20);
  }

  @Test
  void only_those_who_work_on_the_order_may_add_evidence() {
    String other = fixture.token(Role.TECHNICIAN);
    String client = fixture.token(Role.CLIENT);

    assertThat(fixture.upload(order, other, "AFTER", "a.jpg", Samples.JPEG).status())
        .isEqualTo(404);
    assertThat(fixture.upload(order, client, "AFTER", "a.jpg", Samples.JPEG).status())
        .isEqualTo(403);
    assertThat(
            fixture
                .upload(order, fixture.token(Role.SUPERVISOR), "AFTER", "a.jpg", Samples.JPEG)
                .status())
        .isEqualTo(201);
  }

  /// Tries again when the service is too busy, as its answer asks for.
  private int uploadPatiently(String fileName) {
    return await()
        .until(
            () -> fixture.upload(order, token, "AFTER", fileName, Samples.PNG).status(),
            status -> status != 503);
  }

  private void assertNothingKept() {
    assertThat(kept()).isEmpty();
    assertThat(fixture.api.get("/tracking/" + order + "/evidence", token).body().path("items"))
        .isEmpty();
    assertThat(fixture.api.get("/tracking/" + order, token).body().path("items")).isEmpty();
  }

  /// The files of this order, and those not finished.
  private List<String> kept() {
    try (Stream<Path> paths = Files.walk(DIRECTORY)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> DIRECTORY.relativize(path).toString())
          .filter(key -> key.startsWith(order.toString()) || key.startsWith(".incoming"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Socket connect(UUID to, int length, String headers) throws IOException {
    Socket socket = new Socket("127.0.0.1", fixture.app.port());
    socket.setSoTimeout(10_000);
    OutputStream out = socket.getOutputStream();
    out.write(
        """
        POST /tracking/%s/evidence HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer %s\r
        Content-Type: multipart/form-data; boundary=%s\r
        Content-Length: %d\r
        %s\r
        """
            .formatted(to, token, MultipartForm.BOUNDARY, length, headers)
            .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String statusLine(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
  }
}
