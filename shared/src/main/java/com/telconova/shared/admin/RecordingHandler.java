package com.telconova.shared.admin;

import com.sun.net.httpserver.HttpExchange;
import com.telconova.shared.jfr.Recorder;
import com.telconova.shared.os.Connections;
import com.telconova.shared.problem.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `GET /jfr?seconds=N`: a recording of the next N seconds, 1 to 300, default 30; 0 for what the
/// always-on recording holds now. The answer begins when the recording has ended, so that what goes
/// wrong until then still has a status.
final class RecordingHandler {
  private static final int DEFAULT_SECONDS = 30;
  private static final int MAX_SECONDS = 300;
  private static final Pattern QUERY = Pattern.compile("seconds=(\\d{1,3})");
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Supplier<Recorder> recorders;
  private final Clock clock;

  RecordingHandler(Supplier<Recorder> recorders, Clock clock) {
    this.recorders = recorders;
    this.clock = clock;
  }

  void handle(HttpExchange exchange) throws IOException {
    int seconds = seconds(exchange.getRequestURI().getRawQuery());
    Recorder recorder = recorders.get();
    String name = "%s-%s.jfr".formatted(recorder.service(), FILE_TIME.format(clock.instant()));
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    exchange
        .getResponseHeaders()
        .set("Content-Disposition", "attachment; filename=\"" + name + "\"");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    try (InputStream recording = recording(recorder, exchange, seconds)) {
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream body = exchange.getResponseBody()) {
        recording.transferTo(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody is there to be answered
    }
  }

  private InputStream recording(Recorder recorder, HttpExchange exchange, int seconds)
      throws IOException, InterruptedException {
    return seconds == 0
        ? recorder.ring()
        : recorder.next(
            Duration.ofSeconds(seconds),
            () -> Connections.hasEnded(exchange.getLocalAddress(), exchange.getRemoteAddress()));
  }

  private static int seconds(String query) {
    if (query == null || query.isEmpty()) {
      return DEFAULT_SECONDS;
    }
    Matcher given = QUERY.matcher(query);
    if (!given.matches() || Integer.parseInt(given.group(1)) > MAX_SECONDS) {
      throw new Failure.BadRequest(
          "seconds is a whole number from 1 to 300, or 0 for what the always-on recording holds;"
              + " there is no other parameter.");
    }
    return Integer.parseInt(given.group(1));
  }
}
