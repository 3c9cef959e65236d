package com.telconova.shared.docs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A text that never changes while the process runs. It is read from the class path when somebody
/// asks for it first, and from then on kept compressed, which is how nearly everybody wants it.
/// Thread-safe.
final class Document {
  private final String resource;
  private final String contentType;
  private final String caching;
  private Content content;

  /// @param tag for `ETag`: quoted, weak, for the bytes differ by their encoding
  private record Content(byte[] zipped, String tag) {}

  /// @param resource absolute, without the leading slash
  /// @param caching for `Cache-Control`
  Document(String resource, String contentType, String caching) {
    this.resource = resource;
    this.contentType = contentType;
    this.caching = caching;
  }

  String contentType() {
    return contentType;
  }

  String caching() {
    return caching;
  }

  String tag() {
    return content().tag();
  }

  byte[] zipped() {
    return content().zipped();
  }

  /// Writes it as it is.
  void copyTo(OutputStream out) throws IOException {
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(zipped()))) {
      plain.transferTo(out);
    }
  }

  private synchronized Content content() {
    if (content == null) {
      content = load();
    }
    return content;
  }

  private Content load() {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (InputStream in = Document.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      byte[] bytes = in.readAllBytes();
      try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
        out.write(bytes);
      }
      return new Content(zipped.toByteArray(), tag(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\"" + HexFormat.of().formatHex(hash, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
