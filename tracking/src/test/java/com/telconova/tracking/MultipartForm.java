package com.telconova.tracking;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes `multipart/form-data` (RFC 7578), well-formed unless a test takes a piece away.
public final class MultipartForm {
  /// What separates the parts.
  public static final String BOUNDARY = "----microflow7b1f";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public String contentType() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }

  public MultipartForm text(String name, String value) {
    return part("name=\"" + name + "\"", "", value.getBytes(StandardCharsets.UTF_8));
  }

  public MultipartForm file(String fileName, byte[] content) {
    return part(
        "name=\"file\"; filename=\"" + fileName + "\"",
        "Content-Type: application/octet-stream\r\n",
        content);
  }

  /// @param parameters of the Content-Disposition
  /// @param headers further ones, each ending in CR LF
  public MultipartForm part(String parameters, String headers, byte[] content) {
    ascii("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + parameters + "\r\n");
    ascii(headers + "\r\n");
    bytes.writeBytes(content);
    ascii("\r\n");
    return this;
  }

  /// The whole form.
  public byte[] bytes() {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes.toByteArray());
    whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return whole.toByteArray();
  }

  /// The form without its end.
  public byte[] unfinished() {
    return bytes.toByteArray();
  }

  private void ascii(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
