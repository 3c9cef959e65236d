package com.telconova.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.json.Mappers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// Follows a stream of Server-Sent Events as a browser does, on a thread of its own.
final class EventReader implements AutoCloseable {
  final List<Received> events = new CopyOnWriteArrayList<>();
  final List<String> comments = new CopyOnWriteArrayList<>();
  final int status;
  private final HttpClient http = HttpClient.newHttpClient();
  private final InputStream body;
  private final Thread thread;

  /// An event.
  record Received(UUID id, String type, String data) {
    JsonNode json() {
      try {
        return Mappers.TOLERANT.readTree(data);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(data, e);
      }
    }
  }

  /// Returns once the head of the answer is here.
  ///
  /// @param lastEventId may be null
  EventReader(int port, String path, String token, UUID lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId.toString());
    }
    try {
      HttpResponse<InputStream> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      status = response.statusCode();
      body = response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    thread = Thread.ofVirtual().start(this::read);
  }

  /// Whether the server ended the stream.
  boolean isOver() {
    return !thread.isAlive();
  }

  List<UUID> ids() {
    return events.stream().map(Received::id).toList();
  }

  /// Goes away without a word.
  @Override
  public void close() {
    http.shutdownNow();
    try {
      body.close();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String id = null;
      String type = null;
      StringBuilder data = new StringBuilder();
      String line = lines.readLine();
      while (line != null) {
        if (line.startsWith(":")) {
          comments.add(line.substring(1).strip());
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(data.isEmpty() ? "" : "\n").append(line.substring(6));
        } else if (line.isEmpty() && id != null) {
          events.add(new Received(UUID.fromString(id), type, data.toString()));
          id = null;
          data.setLength(0);
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      // Broken off, by them or by us.
    }
  }
}
