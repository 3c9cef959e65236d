package com.telconova.shared.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes what was opened, last opened first. A fault in one does not keep the others open.
///
/// Not thread-safe: one thread opens, one closes. Closing twice does nothing the second time.
public final class Closer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Closer.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /// Takes over the duty to close `resource` and hands it back.
  public <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable resource = open.pop();
      try {
        resource.close();
      } catch (Exception | Error e) {
        log.warn("Could not close {}", resource.getClass().getSimpleName(), e);
      }
    }
  }
}
