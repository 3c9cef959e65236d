package com.telconova.tracking.evidence.store;

import static org.assertj.core.api.Assertions.assertThat;

final class MemoryStoreTest extends EvidenceStoreContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  EvidenceStore store() {
    return store;
  }

  @Override
  void assertNothingUnfinished() {
    assertThat(store.unfinished()).isZero();
  }
}
