package com.telconova.local.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// Numbers that travel inside texts, so that what comes out is known by what went in, by one clock.
/// Thread-safe.
final class Marks {
  private static final byte[] BEGIN = "bench-".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 8;

  /// How many bytes a mark has.
  static final int LENGTH = BEGIN.length + DIGITS;

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLongArray sent;

  /// @param most how many there will be at most
  Marks(int most) {
    this.sent = new AtomicLongArray(most);
  }

  /// A new one, sent now.
  String send() {
    int number = next.getAndIncrement();
    sent.set(number, System.nanoTime());
    return "bench-%08d".formatted(number);
  }

  /// How many were sent.
  int sent() {
    return next.get();
  }

  /// When one was sent, by `System.nanoTime()`; 0 for none of ours.
  long sentAt(int number) {
    return number < sent.length() ? sent.get(number) : 0;
  }

  /// The number of a mark that begins there; -1 when none does.
  static int at(ByteBuffer text, int position) {
    for (int i = 0; i < BEGIN.length; i++) {
      if (text.get(position + i) != BEGIN[i]) {
        return -1;
      }
    }
    int number = 0;
    for (int i = BEGIN.length; i < LENGTH; i++) {
      int digit = text.get(position + i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
