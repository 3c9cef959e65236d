package com.telconova.local.bench;

import com.telconova.local.demo.Story;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;

/// Requests as they go over the wire.
final class Calls {
  private Calls() {}

  /// Gets copied orders at random.
  static Requester.Requests get(List<String> tokens, int copies) {
    var random = new SplittableRandom();
    var heads = tokens.stream().map(Calls::head).toList();
    return connection ->
        bytes(
            "GET /orders/%s%d HTTP/1.1\r\n%s\r\n"
                .formatted(
                    Ground.COPY,
                    Ground.FIRST_COPY + random.nextLong(copies),
                    heads.get(connection % heads.size())));
  }

  /// Lists those that nobody does yet.
  static Requester.Requests list(List<String> tokens) {
    var requests =
        tokens.stream()
            .map(token ->
                bytes(
                    "GET /orders?status=CREATED&limit=20 HTTP/1.1\r\n%s\r\n"
                        .formatted(head(token))))
            .toList();
    return connection -> requests.get(connection % requests.size());
  }

  /// Opens orders, the same each time.
  static Requester.Requests create(List<String> tokens) {
    var requests = tokens.stream().map(token -> order(token, null)).toList();
    return connection -> requests.get(connection % requests.size());
  }

  /// Opens one order.
  ///
  /// @param title null for the usual one
  static byte[] order(String token, String title) {
    var order = new HashMap<String, Object>(Story.ORDER);
    if (title != null) {
      order.put("title", title);
    }
    return post("/orders", token, order);
  }

  /// Posts JSON.
  static byte[] post(String path, String token, Object body) {
    try {
      var json = Mappers.TOLERANT.writeValueAsBytes(body);
      var head =
          "POST %s HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, head(token), json.length)
              .getBytes(StandardCharsets.US_ASCII);
      var all = new byte[head.length + json.length];
      System.arraycopy(head, 0, all, 0, head.length);
      System.arraycopy(json, 0, all, head.length, json.length);
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String head(String token) {
    return "Host: bench\r\nAuthorization: Bearer " + token + "\r\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
