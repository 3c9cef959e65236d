package com.telconova.shared.token;

import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/// The public keys that access tokens may be signed with.
@FunctionalInterface
public interface VerificationKeys {
  /// The P-256 key with this id. `kid` is looked up and never used otherwise.
  Optional<ECPublicKey> find(String kid);
}
