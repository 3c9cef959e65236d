package com.telconova.shared.docs;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a service's document, the catalogue of events, and a page to read them: Swagger UI, from
/// this process and nowhere else. All of it twice: at the root, and below the service's name, where
/// a gateway finds it. Links between them are relative, so that both work, and behind a stage of
/// API Gateway too.
///
/// Anyone may read it, without a token. Nothing is computed for it but once, and no database is
/// asked; still, the page's script is half a megabyte for a request of a hundred bytes, so answers
/// with a body are limited, for the whole process together.
public final class DocsRoutes {
  private static final Logger log = LoggerFactory.getLogger(DocsRoutes.class);

  /// A page takes five answers: forty readers at once, four more each second.
  private static final int BURST = 200;

  private static final int PER_SECOND = 20;
  private static final String HERE = "com/telconova/shared/docs/";

  /// Asked for each time, answered with 304 while it is the same.
  private static final String ASK = "no-cache";

  private static final String DAY = "public, max-age=86400";
  private static final String YAML = "text/yaml; charset=utf-8";

  /// Scripts and styles from here only, nothing inline, nothing sent elsewhere. Swagger UI draws
  /// its icons from `data:` URLs.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final String service;
  private final Allowance allowance;
  private final Document openApi;
  private final Document asyncApi = new Document("docs/asyncapi.yaml", YAML, ASK);
  private final Document page = new Document(HERE + "page.html", "text/html; charset=utf-8", ASK);
  private final Map<String, Document> files =
      Stream.of("swagger-ui.css", "swagger-ui-bundle.js", "page.css", "page.js")
          .collect(Collectors.toUnmodifiableMap(name -> name, DocsRoutes::file));

  /// @param service whose document it is: `docs/openapi/<service>.yaml` on the class path
  public DocsRoutes(String service) {
    this(System::nanoTime, service);
  }

  DocsRoutes(LongSupplier nanoTime, String service) {
    this.service = service;
    this.allowance = new Allowance(nanoTime, BURST, PER_SECOND);
    this.openApi = new Document("docs/openapi/" + service + ".yaml", YAML, ASK);
  }

  /// To be registered before routes with a parameter in their first place.
  public void register(RoutesConfig routes) {
    for (String base : List.of("", "/" + service)) {
      routes.get(base + "/docs", ctx -> answer(ctx, page), Role.ANYONE);
      routes.get(base + "/docs/{file}", this::file, Role.ANYONE);
      routes.get(base + "/openapi.yaml", ctx -> answer(ctx, openApi), Role.ANYONE);
      routes.get(base + "/asyncapi.yaml", ctx -> answer(ctx, asyncApi), Role.ANYONE);
    }
  }

  private void file(Context ctx) {
    Document file = files.get(ctx.pathParam("file"));
    if (file == null) {
      throw new Failure.NotFound("The page has no such file.");
    }
    answer(ctx, file);
  }

  private void answer(Context ctx, Document document) {
    ctx.header("ETag", document.tag());
    ctx.header("Cache-Control", document.caching());
    ctx.header("Vary", "Accept-Encoding");
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Referrer-Policy", "no-referrer");
    ctx.header("Content-Security-Policy", POLICY);
    if (isKnown(ctx.header("If-None-Match"), document.tag())) {
      ctx.status(304);
      return;
    }
    if (!allowance.take()) {
      refuse(ctx);
    }
    try {
      send(ctx, document);
    } catch (IOException e) {
      // With fewer bytes than announced Jetty breaks the connection off.
      log.debug("A reader has gone", e);
    }
  }

  /// What was said of the document does not hold for the refusal.
  private static void refuse(Context ctx) {
    ctx.res().setHeader("ETag", null);
    ctx.res().setHeader("Cache-Control", "no-store");
    throw new Failure.TooManyRequests(
        "The documents are asked for too often at the moment; try again shortly.",
        Duration.ofSeconds(1));
  }

  /// Past Javalin's own stream, which would compress it each time.
  private static void send(Context ctx, Document document) throws IOException {
    ctx.contentType(document.contentType());
    if (takesGzip(ctx.header("Accept-Encoding"))) {
      ctx.header("Content-Encoding", "gzip");
      ctx.res().setContentLength(document.zipped().length);
      ctx.res().getOutputStream().write(document.zipped());
    } else {
      document.copyTo(ctx.res().getOutputStream());
    }
  }

  private static boolean isKnown(String ifNoneMatch, String tag) {
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(","))
            .map(String::strip)
            .anyMatch(known -> known.equals("*") || known.equals(tag));
  }

  /// Whoever weighs encodings by anything but 1 gets the text as it is.
  private static boolean takesGzip(String acceptEncoding) {
    return acceptEncoding != null
        && Arrays.stream(acceptEncoding.split(","))
            .map(String::strip)
            .anyMatch("gzip"::equalsIgnoreCase);
  }

  private static Document file(String name) {
    String type = name.endsWith(".css") ? "text/css" : "text/javascript";
    return new Document(HERE + name, type + "; charset=utf-8", DAY);
  }
}
