package com.telconova.tracking.evidence.store;

import com.telconova.shared.problem.Failure;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// Keeps objects in an S3 bucket.
///
/// S3 wants to know a length before the bytes, and takes parts of 5 MiB at least (but for the
/// last), so each upload holds a buffer of that size; all buffers together stay below a limit, and
/// who finds it reached waits. What fits in one buffer is one PUT; larger objects are multipart
/// uploads.
public final class S3EvidenceStore implements EvidenceStore {
  private static final Logger log = LoggerFactory.getLogger(S3EvidenceStore.class);

  /// The smallest part that S3 takes unless it is the last.
  static final int PART_BYTES = 5 * 1024 * 1024;

  private static final int KIB = 1024;
  private static final int MAX_BUFFERED_KIB = 4 * PART_BYTES / KIB;
  private static final Duration BUFFER_WAIT = Duration.ofSeconds(15);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final S3Client s3;
  private final String bucket;
  private final Semaphore bufferedKib = new Semaphore(MAX_BUFFERED_KIB, true);

  /// @param s3 closed with this store
  public S3EvidenceStore(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  @Override
  public Upload begin(String key, long maxBytes) {
    int bufferBytes = Math.clamp(maxBytes, KIB, PART_BYTES);
    int kib = Math.ceilDiv(bufferBytes, KIB);
    try {
      if (!bufferedKib.tryAcquire(kib, BUFFER_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Failure.Unavailable(
            "Too many files are being uploaded at the moment; try again shortly.", RETRY_AFTER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
    return new S3Upload(key, maxBytes, new byte[bufferBytes], kib);
  }

  @Override
  public Optional<InputStream> open(String key, long offset, long length) {
    String range = "bytes=%d-%d".formatted(offset, offset + length - 1);
    try {
      return Optional.of(s3.getObject(r -> r.bucket(bucket).key(key).range(range)));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void delete(String key) {
    try {
      s3.deleteObject(r -> r.bucket(bucket).key(key));
    } catch (SdkException e) {
      throw unavailable(e);
    }
  }

  /// Nothing: parts of unfinished uploads are the bucket's lifecycle rule to remove
  /// (`AbortIncompleteMultipartUpload`).
  @Override
  public void abandon(Instant before) {}

  @Override
  public void close() {
    s3.close();
  }

  private final class S3Upload implements Upload {
    private final String key;
    private final List<CompletedPart> parts = new ArrayList<>();
    private final int kib;
    private long mayStillCome;
    private byte[] buffer;
    private int buffered;
    private String uploadId;
    private boolean inDoubt;

    S3Upload(String key, long maxBytes, byte[] buffer, int kib) {
      this.key = key;
      this.mayStillCome = maxBytes;
      this.buffer = buffer;
      this.kib = kib;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      mayStillCome -= length;
      if (mayStillCome < 0) {
        throw new IllegalStateException("more bytes than " + key + " was begun for");
      }
      int at = offset;
      int left = length;
      while (left > 0) {
        if (buffered == buffer.length) {
          sendPart();
        }
        int fits = Math.min(left, buffer.length - buffered);
        System.arraycopy(bytes, at, buffer, buffered, fits);
        buffered += fits;
        at += fits;
        left -= fits;
      }
    }

    @Override
    public void commit() {
      try {
        if (uploadId == null) {
          inDoubt = true;
          s3.putObject(r -> r.bucket(bucket).key(key), body());
        } else {
          sendPart();
          inDoubt = true;
          s3.completeMultipartUpload(r ->
              r.bucket(bucket).key(key).uploadId(uploadId).multipartUpload(m -> m.parts(parts)));
          uploadId = null;
        }
        inDoubt = false;
      } catch (SdkException e) {
        throw unavailable(e);
      }
    }

    @Override
    public void close() {
      if (buffer != null) {
        buffer = null;
        bufferedKib.release(kib);
      }
      if (uploadId != null) {
        abort();
      }
      if (inDoubt) { // S3 may have done it although it did not say so
        undo();
      }
    }

    private void undo() {
      try {
        s3.deleteObject(r -> r.bucket(bucket).key(key));
        inDoubt = false;
      } catch (SdkException e) {
        log.warn("It is not known whether object {} is there; nobody refers to it", key, e);
      }
    }

    private void sendPart() {
      try {
        if (uploadId == null) {
          uploadId = s3.createMultipartUpload(r -> r.bucket(bucket).key(key)).uploadId();
        }
        int number = parts.size() + 1;
        String tag =
            s3.uploadPart(
                    r -> r.bucket(bucket).key(key).uploadId(uploadId).partNumber(number), body())
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        buffered = 0;
      } catch (SdkException e) {
        throw unavailable(e);
      }
    }

    private void abort() {
      try {
        s3.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(uploadId));
      } catch (SdkException e) {
        log.warn("Upload {} of {} was not aborted; the bucket's rule will", uploadId, key, e);
      } finally {
        uploadId = null;
      }
    }

    private RequestBody body() {
      byte[] bytes = buffer;
      int length = buffered;
      return RequestBody.fromContentProvider(
          () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
    }
  }

  private static Failure.Unavailable unavailable(Exception cause) {
    return new Failure.Unavailable(
        "The evidence store does not answer; nothing was kept. Try again shortly.",
        RETRY_AFTER,
        cause);
  }
}
