package com.telconova.shared.http;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// One page of a list, by keyset: the next page starts after the last row of this one, so that rows
/// added meanwhile neither repeat nor push others out.
///
/// @param items the rows, in the order of the list
/// @param nextCursor where the next page starts; absent on the last
public record Page<T>(List<T> items, String nextCursor) {
  /// How many rows a page has unless the request says otherwise.
  public static final int DEFAULT_LIMIT = 20;

  /// How many rows a page may have.
  public static final int MAX_LIMIT = 100;

  public Page {
    items = List.copyOf(items);
  }

  /// Makes a page of rows that were read with a limit one higher than asked: the extra row says
  /// that there is a next page and is not shown.
  public static <T> Page<T> of(List<T> rows, Request request, Function<T, Cursor> position) {
    if (rows.size() <= request.limit()) {
      return new Page<>(rows, null);
    }
    List<T> shown = rows.subList(0, request.limit());
    return new Page<>(shown, position.apply(shown.getLast()).encode());
  }

  /// The same page with other items.
  public <R> Page<R> map(Function<T, R> change) {
    return new Page<>(items.stream().map(change).toList(), nextCursor);
  }

  /// What the caller asked for.
  ///
  /// @param limit rows a page, 1 to [#MAX_LIMIT]
  /// @param after the position after which to begin, or null for the beginning
  public record Request(int limit, Cursor after) {
    /// How many rows to read: one more than shown.
    public int rows() {
      return limit + 1;
    }
  }

  /// A position in a list sorted by time and id. Opaque to callers.
  ///
  /// @param time microseconds are kept
  /// @param id breaks ties
  public record Cursor(Instant time, UUID id) {
    String encode() {
      ByteBuffer bytes = ByteBuffer.allocate(28);
      bytes.putLong(time.getEpochSecond()).putInt(time.getNano());
      bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    static Cursor decode(String text) {
      byte[] decoded = Base64.getUrlDecoder().decode(text);
      if (decoded.length != 28) {
        throw new IllegalArgumentException("not a cursor");
      }
      ByteBuffer bytes = ByteBuffer.wrap(decoded);
      Instant time = Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
      if (time.getEpochSecond() < 0 || time.getEpochSecond() > 253_402_300_799L) {
        throw new IllegalArgumentException("not a cursor");
      }
      return new Cursor(time, new UUID(bytes.getLong(), bytes.getLong()));
    }
  }
}
