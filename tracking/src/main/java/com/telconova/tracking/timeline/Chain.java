package com.telconova.tracking.timeline;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/// Links the entries of an order: each carries the SHA-256 of its predecessor's hash and of all it
/// says itself, so that changing, removing or inserting one breaks every link after it.
///
/// What is hashed, in this order, big-endian, each text as its length in bytes (32 bits) and then
/// its UTF-8: the text `microflow-timeline-1`; the previous hash (32 bytes); id (16 bytes); order
/// (16 bytes); type (text); time as seconds since 1970 (64 bits) and nanoseconds (32 bits); a byte
/// 1 with the actor's id (16 bytes) and role (text), or a byte 0; data as stored (text). Lengths go
/// before texts so that no two entries have the same bytes.
public final class Chain {
  /// What the first entry has for a predecessor: 32 zero bytes, in hexadecimal.
  public static final String START = "0".repeat(64);

  private static final String FORM = "microflow-timeline-1";

  private Chain() {}

  /// The hash of `entry` as the successor of the entry with the hash `previous`.
  ///
  /// @param previous 64 hexadecimal digits
  /// @return 64 hexadecimal digits, lower case
  public static String hash(String previous, NewEntry entry) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(bytes(previous, entry)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static byte[] bytes(String previous, NewEntry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      text(out, FORM);
      out.write(HexFormat.of().parseHex(previous));
      uuid(out, entry.id());
      uuid(out, entry.orderId());
      text(out, entry.type());
      out.writeLong(entry.time().getEpochSecond());
      out.writeInt(entry.time().getNano());
      out.writeBoolean(entry.actor() != null);
      if (entry.actor() != null) {
        uuid(out, entry.actor().id());
        text(out, entry.actor().role());
      }
      text(out, entry.data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void uuid(DataOutputStream out, UUID id) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
