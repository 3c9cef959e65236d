package com.telconova.tracking.evidence.store;

import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;

/// Keeps objects under keys: written once, in a stream and in bounded memory, all of it or nothing.
/// Thread-safe.
///
/// Every method throws [com.telconova.shared.problem.Failure.Unavailable] when the store is down or
/// busy, and whatever writes [com.telconova.shared.problem.Failure.InsufficientStorage] when it is
/// full.
public interface EvidenceStore extends AutoCloseable {
  /// Begins an object, invisible until [Upload#commit].
  ///
  /// @param key slash-separated letters, digits and dashes, never used before
  /// @param maxBytes no more than this will be written
  Upload begin(String key, long maxBytes);

  /// Bytes of an object, or empty when there is none. To be closed by the caller.
  ///
  /// @param offset the first byte, within the object
  /// @param length how many at most, from 1; fewer when the object ends before
  Optional<InputStream> open(String key, long offset, long length);

  /// Removes an object; one that is not there is fine.
  void delete(String key);

  /// Removes what uploads left that were begun before a moment and never ended, because their
  /// process died.
  void abandon(Instant before);

  @Override
  void close();

  /// An object being written, by one thread.
  interface Upload extends AutoCloseable {
    void write(byte[] bytes, int offset, int length);

    /// Makes the object visible, whole and durable.
    void commit();

    /// Leaves nothing behind unless committed.
    @Override
    void close();
  }
}
