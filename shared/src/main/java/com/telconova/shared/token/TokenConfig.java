package com.telconova.shared.token;

import com.telconova.shared.config.Settings;
import java.net.URI;

/// Whose tokens count.
///
/// @param issuer `TOKEN_ISSUER`: the `iss` of every token, the API's public address
/// @param jwks `JWKS_URL`: where auth publishes its public keys
public record TokenConfig(String issuer, URI jwks) {
  public static TokenConfig from(Settings settings) {
    return new TokenConfig(settings.text("TOKEN_ISSUER"), settings.uri("JWKS_URL"));
  }
}
