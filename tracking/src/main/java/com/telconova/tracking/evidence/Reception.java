package com.telconova.tracking.evidence;

import com.telconova.shared.problem.Failure;
import com.telconova.tracking.evidence.store.EvidenceStore;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Takes the bytes of one file as they come: counts, hashes and looks at them on their way to the
/// store. What is not committed leaves nothing behind.
final class Reception implements AutoCloseable {
  /// The largest file: 9 MiB. API Gateway takes 10 MB, the multipart frame included.
  static final int MAX_BYTES = 9 * 1024 * 1024;

  private final EvidenceStore store;
  private final String key;
  private final long maxBytes;
  private final MessageDigest sha256;
  private final JpegScanner jpeg = new JpegScanner();
  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private EvidenceStore.Upload upload;
  private FileType type;
  private boolean binary;
  private long size;

  /// What arrived.
  ///
  /// @param sha256 64 hexadecimal digits
  /// @param redaction what to keep from most readers
  record Received(FileType type, long sizeBytes, String sha256, Redaction redaction) {}

  /// @param announcedBytes the length of the whole request, or negative when it is not known
  Reception(EvidenceStore store, String key, long announcedBytes) {
    this.store = store;
    this.key = key;
    this.maxBytes = announcedBytes < 0 ? MAX_BYTES : Math.min(MAX_BYTES, announcedBytes);
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /// @throws Failure.TooLarge beyond [#MAX_BYTES]
  /// @throws Failure.UnsupportedMediaType as soon as it is clear that the file is of no type taken
  void write(byte[] bytes, int offset, int length) {
    size += length;
    if (size > MAX_BYTES) {
      throw new Failure.TooLarge("A file takes up to 9 MiB.");
    }
    look(bytes, offset, length);
    sha256.update(bytes, offset, length);
    if (type == null || type == FileType.JPEG) {
      jpeg.write(bytes, offset, length);
    }
    if (upload == null) {
      upload = store.begin(key, maxBytes);
    }
    upload.write(bytes, offset, length);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// Says what arrived; nothing more may come.
  ///
  /// @throws Failure.UnsupportedMediaType when the file is of no type taken
  Received finish() {
    if (type == null) {
      recognise();
    }
    refuseBinaryText();
    return new Received(
        type,
        size,
        HexFormat.of().formatHex(sha256.digest()),
        type == FileType.JPEG ? jpeg.redaction() : Redaction.NONE);
  }

  /// Keeps the file.
  void commit() {
    upload.commit();
  }

  @Override
  public void close() {
    if (upload != null) {
      upload.close();
    }
  }

  private void look(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length && !binary; i++) {
      binary = isBinary(bytes[i]);
    }
    if (type == null) {
      head.write(bytes, offset, Math.min(length, FileType.HEAD_BYTES - head.size()));
      if (head.size() == FileType.HEAD_BYTES) {
        recognise();
      }
    }
    refuseBinaryText();
  }

  private void recognise() {
    type = FileType.of(head.toByteArray()).orElseThrow(Reception::unsupported);
  }

  /// A text must be one to its end: its beginning proves nothing.
  private void refuseBinaryText() {
    if (type == FileType.TXT && binary) {
      throw unsupported();
    }
  }

  /// Control characters that no text has; tab, line feed, form feed, return and escape it may.
  private static boolean isBinary(byte b) {
    return b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\f' && b != '\r' && b != 0x1b;
  }

  private static Failure.UnsupportedMediaType unsupported() {
    return new Failure.UnsupportedMediaType(
        "By its content this is no JPEG, PNG, WebP, HEIC, PDF or plain text file.");
  }
}
