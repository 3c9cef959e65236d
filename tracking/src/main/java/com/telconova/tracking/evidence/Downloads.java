package com.telconova.tracking.evidence;

import com.telconova.shared.http.Requests;
import com.telconova.shared.problem.Failure;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers with the bytes of a file, straight from the store.
///
/// Each holds a connection to the store for as long as its reader takes, and queue and topic share
/// those of S3: so only so many run at once, none for longer than two minutes.
final class Downloads {
  private static final Logger log = LoggerFactory.getLogger(Downloads.class);
  private static final int MAX_RUNNING = 20;
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);
  private static final Duration MAX_TIME = Duration.ofMinutes(2);
  private static final int BUFFER_BYTES = 16 * 1024;

  private final EvidenceFiles files;
  private final Semaphore running = new Semaphore(MAX_RUNNING, true);

  Downloads(EvidenceFiles files) {
    this.files = files;
  }

  /// Answers 200, 206, 304 or 416, by what the request asks for.
  ///
  /// @param redacted whether to leave out what is not for everybody
  /// @throws Failure.NotFound when the file was deleted meanwhile
  /// @throws Failure.Unavailable when too many downloads run already
  void answer(Context ctx, Evidence evidence, boolean redacted) {
    boolean altered = redacted && !evidence.redaction().isEmpty();
    String tag = '"' + evidence.sha256() + (altered ? "-redacted\"" : "\"");
    if (names(ctx.header("If-None-Match"), tag)) {
      ctx.status(304).header("ETag", tag);
      return;
    }
    String ifRange = ctx.header("If-Range");
    boolean ranged = (ifRange == null || ifRange.strip().equals(tag)) && !Requests.isHead(ctx);
    switch (ByteRange.of(ranged ? ctx.header("Range") : null, evidence.sizeBytes())) {
      case ByteRange.Whole _ -> send(ctx, evidence, altered, tag, 200, 0, evidence.sizeBytes());
      case ByteRange.Part part -> {
        ctx.header(
            "Content-Range",
            "bytes %d-%d/%d".formatted(part.first(), part.last(), evidence.sizeBytes()));
        send(ctx, evidence, altered, tag, 206, part.first(), part.length());
      }
      case ByteRange.Nowhere _ -> {
        ctx.header("Content-Range", "bytes */" + evidence.sizeBytes());
        throw new HttpResponseException(
            416,
            "The file has no such bytes; it has %d.".formatted(evidence.sizeBytes()),
            Map.of());
      }
    }
  }

  private void send(
      Context ctx,
      Evidence evidence,
      boolean altered,
      String tag,
      int status,
      long offset,
      long length) {
    enter();
    try (InputStream bytes =
        Requests.isHead(ctx)
            ? new NothingOf(length)
            : files.open(evidence, offset, length, altered)) {
      head(ctx, evidence, tag, status, length);
      // Not Javalin's stream, which may compress what is compressed already.
      copy(bytes, ctx.res().getOutputStream());
    } catch (IOException e) {
      // With fewer bytes than announced Jetty breaks the connection off; nobody takes it for whole.
      log.debug("A download broke off", e);
    } finally {
      running.release();
    }
  }

  private static void head(Context ctx, Evidence evidence, String tag, int status, long length) {
    ctx.status(status);
    ctx.res().setContentType(evidence.contentType());
    ctx.res().setContentLengthLong(length);
    ctx.header("Content-Disposition", FileName.attachment(evidence.fileName()));
    ctx.header("X-Content-Type-Options", "nosniff");
    ctx.header("Cache-Control", "private, no-cache");
    ctx.header("Accept-Ranges", "bytes");
    ctx.header("ETag", tag);
  }

  private void enter() {
    try {
      if (running.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Failure.Unavailable(
        "Too many files are being downloaded at the moment; try again shortly.", MAX_WAIT);
  }

  private static void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long deadline = System.nanoTime() + MAX_TIME.toNanos();
    int read = from.read(buffer);
    while (read >= 0) {
      if (System.nanoTime() > deadline) {
        throw new IOException("The download took longer than " + MAX_TIME);
      }
      to.write(buffer, 0, read);
      read = from.read(buffer);
    }
  }

  /// As many bytes as the file has. Jetty sends nothing of them in answer to HEAD, but counts
  /// whether they are as many as were announced.
  private static final class NothingOf extends InputStream {
    private long left;

    NothingOf(long length) {
      this.left = length;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : 0;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int read = (int) Math.min(left, length);
      left -= read;
      return read == 0 ? -1 : read;
    }
  }

  /// Whether `If-None-Match` names this entity (RFC 9110 §13.1.2): any, or one of a list.
  private static boolean names(String header, String tag) {
    if (header == null) {
      return false;
    }
    for (String each : header.split(",")) {
      String sent = each.strip();
      if (sent.equals("*") || sent.equals(tag) || sent.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }
}
