package com.telconova.shared.aws;

import com.telconova.shared.config.Secret;
import com.telconova.shared.config.Settings;
import java.net.URI;
import java.util.Optional;

/// How to reach AWS, or what stands in for it.
///
/// @param region `AWS_REGION`
/// @param endpoint `AWS_ENDPOINT_URL`: an emulator's address; empty for AWS itself
/// @param credentials `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; empty on ECS, where the
///   task's role gives them
public record AwsConfig(String region, Optional<URI> endpoint, Optional<Credentials> credentials) {
  /// A fixed key pair.
  public record Credentials(String accessKeyId, Secret secretAccessKey) {}

  public static AwsConfig from(Settings settings) {
    String keyId = settings.text("AWS_ACCESS_KEY_ID", "-");
    return new AwsConfig(
        settings.text("AWS_REGION"),
        settings.text("AWS_ENDPOINT_URL", "-").equals("-")
            ? Optional.empty()
            : Optional.of(settings.uri("AWS_ENDPOINT_URL")),
        keyId.equals("-")
            ? Optional.empty()
            : Optional.of(new Credentials(keyId, settings.secret("AWS_SECRET_ACCESS_KEY", 1))));
  }
}
