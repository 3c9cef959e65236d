package com.telconova.tracking;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/// Small files of each kind, or the beginnings that make them one.
public final class Samples {
  /// Up to where the picture itself begins.
  private static final String JPEG_HEAD =
      "ffd8ffe000104a46494600010100000100010000" + "ffda0008010100003f00";

  public static final byte[] JPEG = jpeg(2_000);
  public static final byte[] PNG = file("89504e470d0a1a0a0000000d49484452", 2_000);
  public static final byte[] WEBP = file("52494646d00700005745425056503820", 2_000);
  public static final byte[] HEIC = file("000000186674797068656963000000006d69663168656963", 2_000);
  public static final byte[] PDF = text("%PDF-1.7\n%âãÏÓ\n1 0 obj <</Type/Catalog>> endobj\n");
  public static final byte[] TXT = text("Se cambió el cable.\nTodo funciona.\n");

  /// A program for Windows.
  public static final byte[] EXE =
      file("4d5a90000300000004000000ffff0000b800000000000000400000000000000000", 2_000);

  private Samples() {}

  /// A JPEG by its beginning, of this length.
  public static byte[] jpeg(int length) {
    byte[] bytes = Arrays.copyOf(file(JPEG_HEAD, length), length);
    for (int i = JPEG_HEAD.length() / 2; i < length; i++) {
      bytes[i] = bytes[i] == -1 ? 0 : bytes[i]; // within a picture 0xff would mean something
    }
    return bytes;
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] file(String headHex, int noise) {
    byte[] rest = new byte[noise];
    new Random(7).nextBytes(rest);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex(headHex));
    bytes.writeBytes(rest);
    return bytes.toByteArray();
  }
}
