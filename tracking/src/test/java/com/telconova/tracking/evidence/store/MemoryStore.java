package com.telconova.tracking.evidence.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps objects in memory.
public final class MemoryStore implements EvidenceStore {
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final AtomicInteger unfinished = new AtomicInteger();

  @Override
  public Upload begin(String key, long maxBytes) {
    unfinished.incrementAndGet();
    return new Upload() {
      private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

      @Override
      public void write(byte[] from, int offset, int length) {
        bytes.write(from, offset, length);
      }

      @Override
      public void commit() {
        objects.put(key, bytes.toByteArray());
      }

      @Override
      public void close() {
        unfinished.decrementAndGet();
      }
    };
  }

  @Override
  public Optional<InputStream> open(String key, long offset, long length) {
    return Optional.ofNullable(objects.get(key))
        .map(bytes ->
            new ByteArrayInputStream(
                bytes, (int) offset, (int) Math.min(length, Integer.MAX_VALUE)));
  }

  @Override
  public void delete(String key) {
    objects.remove(key);
  }

  @Override
  public void abandon(Instant before) {}

  @Override
  public void close() {}

  /// The bytes of an object, or null.
  public byte[] committed(String key) {
    return objects.get(key);
  }

  /// How many uploads are open.
  public int unfinished() {
    return unfinished.get();
  }
}
