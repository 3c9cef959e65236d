package com.telconova.shared.aws;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Makes the clients of one process; they share one pool of connections. Close the clients first,
/// then this.
public final class AwsClients implements AutoCloseable {
  /// Longer than the longest poll (20 s), so that a poll is never cut from our side.
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(25);

  private static final int MAX_CONNECTIONS = 50;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private final AwsConfig config;
  private final Duration callTimeout;
  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("aws-timer").factory());

  public AwsClients(AwsConfig config) {
    this(config, CALL_TIMEOUT);
  }

  AwsClients(AwsConfig config, Duration callTimeout) {
    this.config = config;
    this.callTimeout = callTimeout;
    this.http =
        Apache5HttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT)
            .socketTimeout(READ_TIMEOUT)
            .maxConnections(MAX_CONNECTIONS)
            .build();
    this.credentials =
        config
            .credentials()
            .map(AwsClients::fixed)
            .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  /// A call that takes longer than 5 s fails; it may have been accepted all the same.
  public SnsClient sns() {
    return configure(SnsClient.builder()).overrideConfiguration(limits()).build();
  }

  /// A call that takes longer than 5 s fails, unless it says that it may: a long poll does.
  public SqsClient sqs() {
    return configure(SqsClient.builder()).overrideConfiguration(limits()).build();
  }

  /// Gives any other client's builder the region, endpoint, credentials and connections of this
  /// process.
  public <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configure(B builder) {
    config.endpoint().ifPresent(builder::endpointOverride);
    return builder
        .httpClient(http)
        .region(Region.of(config.region()))
        .credentialsProvider(credentials);
  }

  /// One timer for all clients; each would else bring five threads of its own.
  private ClientOverrideConfiguration limits() {
    return ClientOverrideConfiguration.builder()
        .apiCallTimeout(callTimeout)
        .scheduledExecutorService(timer)
        .build();
  }

  @Override
  public void close() {
    http.close();
    timer.shutdownNow();
  }

  private static AwsCredentialsProvider fixed(AwsConfig.Credentials pair) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(pair.accessKeyId(), pair.secretAccessKey().value()));
  }
}
