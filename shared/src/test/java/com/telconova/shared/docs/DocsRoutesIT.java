package com.telconova.shared.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.http.AccessControl;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.http.HttpServer;
import io.prometheus.client.CollectorRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DocsRoutesIT {
  private static final List<String> DOCUMENTS =
      List.of("/docs", "/docs/swagger-ui-bundle.js", "/openapi.yaml", "/asyncapi.yaml");
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");

  private final AtomicLong nanos = new AtomicLong();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() {
    server =
        HttpServer.start(
            new HttpConfig("127.0.0.1", 0, 0, Set.of(), Duration.ZERO),
            new AccessControl(null),
            () -> Optional.of(Runnable::run),
            new CollectorRegistry(),
            List.of(new DocsRoutes(nanos::get, "example")::register));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void the_documents_are_the_same_at_the_root_and_below_the_name_of_the_service() {
    for (String path : DOCUMENTS) {
      HttpResponse<byte[]> root = get(path);
      HttpResponse<byte[]> below = get("/example" + path);

      assertThat(root.statusCode()).as(path).isEqualTo(200);
      assertThat(below.body()).as(path).isEqualTo(root.body());
      assertThat(header(below, "ETag")).as(path).isEqualTo(header(root, "ETag"));
      assertThat(header(below, "Content-Type")).isEqualTo(header(root, "Content-Type"));
    }
    assertThat(text(get("/example/openapi.yaml"))).isEqualTo("openapi: 3.0.3\n");
    assertThat(text(get("/asyncapi.yaml"))).startsWith("asyncapi: 3.0.0");
  }

  @Test
  void the_page_takes_everything_from_here_and_has_no_script_in_it() {
    HttpResponse<byte[]> page = get("/example/docs");

    assertThat(header(page, "Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .doesNotContain("unsafe", "http", "*");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(text(page))
        .doesNotContain("//", "style=")
        .doesNotContainPattern("<script[^>]*>[^<]");
    List<String> links = LINK.matcher(text(page)).results().map(link -> link.group(1)).toList();
    assertThat(links).contains("docs/page.js", "openapi.yaml");
    for (String link : links) {
      if (!link.startsWith("data:")) {
        assertThat(get("/example/" + link).statusCode()).as(link).isEqualTo(200);
        assertThat(get("/" + link).statusCode()).as(link).isEqualTo(200);
      }
    }
  }

  @Test
  void what_a_reader_has_already_is_not_sent_again() {
    String tag = header(get("/openapi.yaml"), "ETag");

    HttpResponse<byte[]> again = get("/openapi.yaml", "If-None-Match", "\"x\", " + tag);

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(header(again, "ETag")).isEqualTo(tag);
    assertThat(get("/openapi.yaml", "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
  }

  @Test
  void whoever_takes_gzip_gets_a_third_and_everybody_the_same_text() throws IOException {
    HttpResponse<byte[]> plain = get("/docs/swagger-ui-bundle.js");
    HttpResponse<byte[]> zipped = get("/docs/swagger-ui-bundle.js", "Accept-Encoding", "br, gzip");

    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(plain, "Content-Encoding")).isNull();
    assertThat(zipped.body().length).isLessThan(plain.body().length / 3);
    try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertThat(unzipped.readAllBytes()).isEqualTo(plain.body());
    }
  }

  @Test
  void a_crowd_is_told_to_come_again_and_finds_the_door_open_a_second_later() {
    String tag = header(get("/docs"), "ETag");
    for (int i = 1; i < 200; i++) {
      assertThat(get("/docs").statusCode()).isEqualTo(200);
    }

    HttpResponse<byte[]> refused = get("/docs");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(header(refused, "Retry-After")).isEqualTo("1");
    assertThat(header(refused, "ETag")).isNull();
    assertThat(header(refused, "Cache-Control")).isEqualTo("no-store");
    assertThat(text(refused)).contains("urn:microflow:problem:too-many-requests");
    assertThat(get("/docs", "If-None-Match", tag).statusCode()).isEqualTo(304);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    for (int i = 0; i < 20; i++) {
      assertThat(get("/docs").statusCode()).isEqualTo(200);
    }
    assertThat(get("/docs").statusCode()).isEqualTo(429);
  }

  @Test
  void nothing_else_of_the_class_path_can_be_had() {
    for (String file :
        List.of("DocsRoutes.class", "page.html", "..%2fdocs%2fpage.js", "%2e%2e", "page.js%00")) {
      assertThat(get("/docs/" + file).statusCode()).as(file).isIn(400, 404);
    }
  }

  private HttpResponse<byte[]> get(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse(null);
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
