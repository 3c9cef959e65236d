package com.telconova.shared.idempotency;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// What a request was answered, to be said again.
///
/// @param status 200 to 299
/// @param location,etag the headers of these names; null when absent
/// @param body JSON, byte for byte; empty when there was none
record Answer(int status, String location, String etag, byte[] body) {
  /// What the route has just written.
  static Answer of(Context ctx) {
    byte[] body = body(ctx.resultInputStream());
    ctx.result(body);
    return new Answer(
        ctx.statusCode(), ctx.res().getHeader("Location"), ctx.res().getHeader("ETag"), body);
  }

  /// Takes back the headers of an answer that did not commit.
  static void withdraw(Context ctx) {
    ctx.removeHeader("Location").removeHeader("ETag");
  }

  void replay(Context ctx) {
    ctx.status(status).header("Idempotency-Replayed", "true");
    if (location != null) {
      ctx.header("Location", location);
    }
    if (etag != null) {
      ctx.header("ETag", etag);
    }
    ctx.contentType("application/json").result(body);
  }

  private static byte[] body(InputStream result) {
    try {
      return result == null ? new byte[0] : result.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
