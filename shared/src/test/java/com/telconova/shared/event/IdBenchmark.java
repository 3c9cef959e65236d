package com.telconova.shared.event;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Threads;

/// What an id costs, that sorts by the time it was made (UUIDv7, RFC 9562): alone, and while
/// another thread makes them, too.
public class IdBenchmark {

  @Benchmark
  public UUID alone() {
    return UuidCreator.getTimeOrderedEpoch();
  }

  @Benchmark
  @Threads(2)
  public UUID besideAnother() {
    return UuidCreator.getTimeOrderedEpoch();
  }
}
