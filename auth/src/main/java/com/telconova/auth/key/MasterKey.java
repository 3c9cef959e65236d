package com.telconova.auth.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// The one secret that this service is given; each purpose has a key of its own derived from it
/// (HKDF-SHA256, RFC 5869), so that none tells anything of another.
///
/// The same for every instance, and for good: without it, the signing keys in the database are
/// lost.
public final class MasterKey {
  private static final int BYTES = 32;

  private final byte[] bytes;

  private MasterKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @throws IllegalArgumentException unless it is the base64 of 32 bytes; says nothing of them
  public static MasterKey fromBase64(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a master key has " + BYTES + " bytes");
    }
    return new MasterKey(bytes);
  }

  /// The 256-bit key for one purpose. Always the same for the same label.
  ///
  /// @param label the purpose; never one that another purpose uses
  /// @param algorithm what the key is for, such as `AES`
  public SecretKey derive(String label, String algorithm) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey(
              algorithm,
              HKDFParameterSpec.ofExtract()
                  .addIKM(bytes)
                  .thenExpand(label.getBytes(StandardCharsets.UTF_8), BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF-SHA256 is part of every JDK", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
