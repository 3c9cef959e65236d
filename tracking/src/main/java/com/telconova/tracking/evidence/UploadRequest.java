package com.telconova.tracking.evidence;

import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.http.MultiPart;

/// A request that carries a file, its body not read yet. To be closed when it is answered.
final class UploadRequest implements AutoCloseable {
  private static final int MAX_BOUNDARY = 70; // RFC 2046 §5.1.1
  private static final long MAX_UNREAD_BYTES = 64L * 1024 * 1024;
  private static final Duration MAX_UNREAD_TIME = Duration.ofSeconds(10);

  private final String boundary;
  private final long announcedBytes;
  private final Body body;
  private boolean sent;

  /// Where the form comes from.
  interface Body {
    InputStream open() throws IOException;
  }

  /// @param sent whether it comes without being asked for
  UploadRequest(String boundary, long announcedBytes, boolean sent, Body body) {
    this.boundary = boundary;
    this.announcedBytes = announcedBytes;
    this.sent = sent;
    this.body = body;
  }

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
    HttpServletRequest request = ctx.req();
    return new UploadRequest(
        boundary,
        request.getContentLengthLong(),
        !"100-continue".equalsIgnoreCase(request.getHeader("Expect")),
        request::getInputStream);
  }

  /// What separates the form's parts.
  String boundary() {
    return boundary;
  }

  /// The length of the body, or negative when the sender did not say.
  long announcedBytes() {
    return announcedBytes;
  }

  /// The form. To ask for it is to consent to its being sent (`Expect: 100-continue`).
  InputStream body() {
    sent = true;
    try {
      return body.open();
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

  /// Reads what is left, within limits: a server that closes a connection with bytes unread resets
  /// it, and many a sender then never sees why it was refused. Who waits for our consent has sent
  /// nothing.
  @Override
  public void close() {
    if (!sent) {
      return;
    }
    byte[] buffer = new byte[16 * 1024];
    long left = MAX_UNREAD_BYTES;
    long deadline = System.nanoTime() + MAX_UNREAD_TIME.toNanos();
    try (InputStream rest = body()) {
      int read = rest.read(buffer);
      while (read >= 0 && left > 0 && System.nanoTime() < deadline) {
        left -= read;
        read = rest.read(buffer);
      }
    } catch (IOException e) {
      // The sender is gone and hears nothing anyway.
    }
  }
}
