package com.telconova.tracking.evidence;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;

/// The kinds of file that count as evidence.
enum FileType {
  JPEG("image/jpeg"),
  PNG("image/png"),
  WEBP("image/webp"),
  HEIC("image/heic"),
  HEIF("image/heif"),
  PDF("application/pdf"),
  TXT("text/plain");

  /// How many bytes of a file tell its type.
  static final int HEAD_BYTES = 16 * 1024;

  private final String contentType;

  FileType(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /// What a file is, by how it begins and by nothing else; empty when it is none of these.
  ///
  /// @param head the file's first [#HEAD_BYTES] bytes, or all when it has fewer
  static Optional<FileType> of(byte[] head) {
    String found = detect(head).getBaseType().toString();
    return Arrays.stream(values()).filter(type -> type.contentType.equals(found)).findFirst();
  }

  private static MediaType detect(byte[] head) {
    try {
      // Its table of 1,600 types takes a moment and some memory: made with the first upload.
      return MimeTypes.getDefaultMimeTypes().detect(new ByteArrayInputStream(head), new Metadata());
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be read", e);
    }
  }
}
