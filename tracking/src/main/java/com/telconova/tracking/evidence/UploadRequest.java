package com.telconova.tracking.evidence;

import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.eclipse.jetty.http.MultiPart;

/// A request that carries a file, its body not read yet.
///
/// @param boundary what separates the form's parts
/// @param announcedBytes its length, or negative when the sender did not say
record UploadRequest(String boundary, long announcedBytes, InputStream body) {
  private static final int MAX_BOUNDARY = 70; // RFC 2046 §5.1.1

  /// @throws Failure.UnsupportedMediaType unless it is a multipart form
  static UploadRequest of(Context ctx) {
    String contentType = ctx.contentType() == null ? "" : ctx.contentType();
    if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      throw new Failure.UnsupportedMediaType(
          "Send multipart/form-data with the parts file and kind.");
    }
    String boundary = MultiPart.extractBoundary(contentType);
    if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
      throw new Failure.BadRequest("The Content-Type needs a boundary of 1 to 70 characters.");
    }
    try {
      return new UploadRequest(
          boundary, ctx.req().getContentLengthLong(), ctx.req().getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @throws Failure.TooLarge when its announced length says so already
  void requireBearable() {
    if (announcedBytes > EvidenceForm.MAX_BYTES) {
      throw new Failure.TooLarge("A file takes up to 9 MiB.");
    }
  }
}
