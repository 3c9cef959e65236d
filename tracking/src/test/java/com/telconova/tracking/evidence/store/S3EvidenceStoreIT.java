package com.telconova.tracking.evidence.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Settings;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.Bench;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

final class S3EvidenceStoreIT extends EvidenceStoreContract {
  private final Calls calls = new Calls();
  private final AwsClients aws =
      new AwsClients(AwsConfig.from(Settings.of(Bench.get().environment("tracking"))));
  private final EvidenceStore store = store(Bench.get().topology().bucket());

  @AfterEach
  void close() {
    store.close();
    aws.close();
  }

  @Override
  EvidenceStore store() {
    return store;
  }

  /// The emulator cannot list unfinished uploads, so the calls are counted.
  @Override
  void assertNothingUnfinished() {
    assertThat(calls.openUploads).hasValue(0);
  }

  @Test
  void a_bucket_that_is_not_there_is_an_outage() {
    EvidenceStore nowhere = store("microflow-nowhere");

    assertThatThrownBy(() -> writeTo(nowhere)).isInstanceOf(Failure.Unavailable.class);
    assertThatThrownBy(() -> nowhere.delete(key)).isInstanceOf(Failure.Unavailable.class);
  }

  @Test
  void more_than_was_announced_is_a_fault_of_ours() {
    try (EvidenceStore.Upload upload = store.begin(key, 10)) {
      assertThatThrownBy(() -> upload.write(bytes(11), 0, 11))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 6 * 1024 * 1024})
  void a_commit_whose_answer_is_lost_leaves_nothing(int size) {
    calls.losingAnswers = true;
    try (EvidenceStore.Upload upload = store.begin(key, 9 * 1024 * 1024)) {
      upload.write(bytes(size), 0, size);

      assertThatThrownBy(upload::commit).isInstanceOf(Failure.Unavailable.class);
      assertThat(read(key)).as("S3 did it all the same").isPresent();
    }

    assertThat(read(key)).isEmpty();
  }

  private void writeTo(EvidenceStore target) {
    try (EvidenceStore.Upload upload = target.begin(key, 100)) {
      upload.write(bytes(100), 0, 100);
      upload.commit();
    }
  }

  private EvidenceStore store(String bucket) {
    return new S3EvidenceStore(
        aws.configure(S3Client.builder())
            .forcePathStyle(true)
            .overrideConfiguration(c -> c.addExecutionInterceptor(calls))
            .build(),
        bucket);
  }

  private static final class Calls implements ExecutionInterceptor {
    final AtomicInteger openUploads = new AtomicInteger();
    volatile boolean losingAnswers;

    @Override
    public void afterTransmission(
        Context.AfterTransmission context, ExecutionAttributes attributes) {
      boolean commits =
          context.request() instanceof PutObjectRequest
              || context.request() instanceof CompleteMultipartUploadRequest;
      if (losingAnswers && commits) {
        throw SdkClientException.create("the connection broke");
      }
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
      switch (context.request()) {
        case CreateMultipartUploadRequest _ -> openUploads.incrementAndGet();
        case AbortMultipartUploadRequest _ -> openUploads.decrementAndGet();
        case CompleteMultipartUploadRequest _ -> openUploads.decrementAndGet();
        default -> {}
      }
    }
  }
}
