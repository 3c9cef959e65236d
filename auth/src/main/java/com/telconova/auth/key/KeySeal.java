package com.telconova.auth.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Encrypts secrets for the database: AES-256-GCM with the row's id as associated data, so that one
/// row's secret cannot be moved to another. Thread-safe.
public final class KeySeal {
  private static final String LABEL = "microflow auth signing-key encryption 1";
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  /// For private keys.
  KeySeal(MasterKey master) {
    this(master, LABEL);
  }

  /// @param label the purpose; never one that another purpose uses
  public KeySeal(MasterKey master, String label) {
    this.key = master.derive(label, "AES");
  }

  /// The nonce, the ciphertext and the tag, one after another.
  public byte[] close(String kid, byte[] secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, kid, nonce).doFinal(secret);
      return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(TRANSFORMATION + " is part of every JDK", e);
    }
  }

  /// What [#close] was given; empty under another master key, another id, or when a bit was turned.
  public Optional<byte[]> open(String kid, byte[] sealed) {
    if (sealed.length <= NONCE_BYTES) {
      return Optional.empty();
    }
    byte[] nonce = new byte[NONCE_BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(sealed).get(nonce);
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, kid, nonce).doFinal(rest));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(TRANSFORMATION + " is part of every JDK", e);
    }
  }

  private Cipher cipher(int mode, String kid, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(kid.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
