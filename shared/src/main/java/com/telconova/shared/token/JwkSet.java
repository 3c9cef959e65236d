package com.telconova.shared.token;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A JWK set (RFC 7517) of P-256 public keys.
///
/// @param keys every key that a valid token may be signed with
public record JwkSet(List<Jwk> keys) {
  private static final int COORDINATE_BYTES = 32;

  public JwkSet {
    keys = List.copyOf(keys);
  }

  /// One public key (RFC 7518 §6.2).
  ///
  /// @param x,y the coordinates, 32 bytes each, in base64url without padding
  public record Jwk(
      String kty, String crv, String kid, String use, String alg, String x, String y) {
    public static Jwk of(String kid, ECPublicKey key) {
      ECPoint point = key.getW();
      return new Jwk(
          "EC",
          "P-256",
          kid,
          "sig",
          "ES256",
          encode(point.getAffineX()),
          encode(point.getAffineY()));
    }

    private boolean isOurs() {
      return "EC".equals(kty) && "P-256".equals(crv) && kid != null && x != null && y != null;
    }
  }

  /// The ES256 keys of the set by `kid`; others are left out.
  ///
  /// @throws IllegalArgumentException when one is malformed
  public Map<String, ECPublicKey> toKeys() {
    Map<String, ECPublicKey> byId = new HashMap<>();
    for (Jwk jwk : keys) {
      if (jwk.isOurs()) {
        byId.put(jwk.kid(), key(jwk));
      }
    }
    return Map.copyOf(byId);
  }

  private static ECPublicKey key(Jwk jwk) {
    try {
      AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
      curve.init(new ECGenParameterSpec("secp256r1"));
      ECPoint point = new ECPoint(decode(jwk.x()), decode(jwk.y()));
      return (ECPublicKey)
          KeyFactory.getInstance("EC")
              .generatePublic(
                  new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("Key " + jwk.kid() + " is no point of P-256", e);
    }
  }

  private static String encode(BigInteger coordinate) {
    byte[] number = coordinate.toByteArray();
    byte[] fixed = new byte[COORDINATE_BYTES];
    int length = Math.min(number.length, COORDINATE_BYTES);
    System.arraycopy(number, number.length - length, fixed, COORDINATE_BYTES - length, length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
  }

  private static BigInteger decode(String coordinate) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(coordinate));
  }
}
