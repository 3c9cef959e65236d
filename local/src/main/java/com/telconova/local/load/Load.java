package com.telconova.local.load;

import java.util.function.Consumer;

/// Load on one system. People and orders that a run needs are made before it, and stay for the
/// next.
public final class Load implements AutoCloseable {

  private final Target target;

  /// Sends nothing yet.
  public Load(Target target) {
    this.target = target;
  }

  /// Makes what is needed, measures what the sender itself is able to, warms up and measures.
  ///
  /// @param progress called about once a second, on this thread
  public Result run(Profile profile, Consumer<Progress> progress) throws InterruptedException {
    throw new UnsupportedOperationException(target.way());
  }

  /// Renews no tokens any more.
  @Override
  public void close() {}
}
