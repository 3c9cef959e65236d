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
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;

final class S3EvidenceStoreIT extends EvidenceStoreContract {
  private final OpenUploads openUploads = new OpenUploads();
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
    assertThat(openUploads.count).hasValue(0);
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
            .overrideConfiguration(c -> c.addExecutionInterceptor(openUploads))
            .build(),
        bucket);
  }

  private static final class OpenUploads implements ExecutionInterceptor {
    final AtomicInteger count = new AtomicInteger();

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
      switch (context.request()) {
        case CreateMultipartUploadRequest _ -> count.incrementAndGet();
        case AbortMultipartUploadRequest _ -> count.decrementAndGet();
        case CompleteMultipartUploadRequest _ -> count.decrementAndGet();
        default -> {}
      }
    }
  }
}
