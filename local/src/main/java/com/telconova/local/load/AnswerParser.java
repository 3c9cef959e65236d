package com.telconova.local.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the answers of one connection, one after the other, as their bytes come in whatever pieces
/// (RFC 9112). Bodies are counted and dropped. Not thread-safe.
final class AnswerParser {

  private static final int USUAL_LINE = 256; // there are thousands of connections
  private static final int MAX_LINE = 8 * 1024;
  private static final int MAX_HEAD = 64 * 1024;
  private static final long MAX_BODY = 64L * 1024 * 1024;
  private static final byte[] LENGTH = ascii("content-length");
  private static final byte[] ENCODING = ascii("transfer-encoding");
  private static final byte[] CONNECTION = ascii("connection");
  private static final byte[] LOCATION = ascii("location");

  private enum At {
    STATUS,
    HEADERS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    UNTIL_CLOSE,
    DONE
  }

  private byte[] line = new byte[USUAL_LINE];
  private int lineLength;
  private At at = At.STATUS;
  private int headBytes;
  private int status;
  private long length;
  private boolean chunked;
  private boolean closes;
  private long left;
  private long bodyBytes;
  private String location;

  /// Prepares for the next answer.
  void begin() {
    at = At.STATUS;
    lineLength = 0;
    headBytes = 0;
    status = 0;
    bodyBytes = 0;
    location = null;
    closes = false;
  }

  /// Takes bytes up to the answer's end.
  ///
  /// @return whether the answer is complete; what is left in `in` then belongs to none
  /// @throws Malformed when they cannot be an answer's
  boolean read(ByteBuffer in) throws Malformed {
    while (at != At.DONE && in.hasRemaining()) {
      switch (at) {
        case BODY, CHUNK -> skip(in);
        case UNTIL_CLOSE -> {
          count(in.remaining());
          in.position(in.limit());
        }
        default -> {
          if (takeLine(in)) {
            endOfLine();
            lineLength = 0;
          }
        }
      }
    }
    return at == At.DONE;
  }

  /// The peer has closed the connection.
  ///
  /// @return whether the answer is complete by that
  boolean end() {
    if (at == At.UNTIL_CLOSE) {
      at = At.DONE;
    }
    return at == At.DONE;
  }

  /// Whether anything of the answer has come.
  boolean hasBegun() {
    return headBytes > 0;
  }

  /// Whether the head is complete and something of the body is there.
  boolean hasBody() {
    return bodyBytes > 0;
  }

  /// Its status; 0 as long as it is not known.
  int status() {
    return status;
  }

  /// Whether the connection cannot be used after it.
  boolean closes() {
    return closes;
  }

  /// The last part of the path where what was made is; null when it does not say.
  String location() {
    return location;
  }

  private void skip(ByteBuffer in) throws Malformed {
    int taken = (int) Math.min(left, in.remaining());
    in.position(in.position() + taken);
    left -= taken;
    count(taken);
    if (left == 0) {
      at = at == At.BODY ? At.DONE : At.CHUNK_END;
    }
  }

  private void count(long bytes) throws Malformed {
    bodyBytes += bytes;
    if (bodyBytes > MAX_BODY) {
      throw new Malformed("a body of more than " + MAX_BODY + " bytes");
    }
  }

  // A line without its end; false when its end has not come yet.
  private boolean takeLine(ByteBuffer in) throws Malformed {
    while (in.hasRemaining()) {
      byte next = in.get();
      if (++headBytes > MAX_HEAD && at != At.CHUNK_SIZE && at != At.CHUNK_END) {
        throw new Malformed("a head of more than " + MAX_HEAD + " bytes");
      }
      if (next == '\n') {
        if (lineLength > 0 && line[lineLength - 1] == '\r') {
          lineLength--;
        }
        return true;
      }
      if (lineLength == MAX_LINE) {
        throw new Malformed("a line of more than " + MAX_LINE + " bytes");
      }
      if (lineLength == line.length) {
        line = Arrays.copyOf(line, 2 * lineLength);
      }
      line[lineLength++] = next;
      if (at == At.STATUS && lineLength == 5 && !startsWith("HTTP/")) {
        throw new Malformed("no HTTP");
      }
    }
    return false;
  }

  private void endOfLine() throws Malformed {
    switch (at) {
      case STATUS -> statusLine();
      case HEADERS -> {
        if (lineLength == 0) {
          endOfHead();
        } else {
          header();
        }
      }
      case CHUNK_SIZE -> chunkSize();
      case CHUNK_END -> {
        if (lineLength != 0) {
          throw new Malformed("a chunk longer than it says");
        }
        at = At.CHUNK_SIZE;
      }
      case TRAILERS -> {
        if (lineLength == 0) {
          at = At.DONE;
        }
      }
      default -> throw new IllegalStateException(at.toString());
    }
  }

  private void statusLine() throws Malformed {
    // HTTP/1.1 200 OK
    if (lineLength < 12 || !startsWith("HTTP/1.") || line[8] != ' ') {
      throw new Malformed("no status line");
    }
    status = (int) number(9, 12, 10);
    if (status < 100 || status > 599) {
      throw new Malformed("no status");
    }
    length = -1;
    chunked = false;
    closes = line[7] == '0';
    at = At.HEADERS;
  }

  private void header() throws Malformed {
    int colon = 0;
    while (colon < lineLength && line[colon] != ':') {
      colon++;
    }
    if (colon == 0 || colon == lineLength) {
      throw new Malformed("no header");
    }
    int from = colon + 1;
    while (from < lineLength && (line[from] == ' ' || line[from] == '\t')) {
      from++;
    }
    if (named(colon, LENGTH)) {
      int to = lineLength;
      while (to > from && line[to - 1] == ' ') {
        to--;
      }
      length = number(from, to, 10);
    } else if (named(colon, ENCODING)) {
      chunked = value(from).endsWith("chunked");
    } else if (named(colon, CONNECTION)) {
      closes |= value(from).equals("close");
    } else if (named(colon, LOCATION)) {
      var path = new String(line, from, lineLength - from, StandardCharsets.ISO_8859_1);
      location = path.substring(path.lastIndexOf('/') + 1);
    }
  }

  private void endOfHead() {
    if (status < 200) {
      at = At.STATUS; // a word beforehand; the answer comes after it
    } else if (status == 204 || status == 304) {
      at = At.DONE;
    } else if (chunked) {
      at = At.CHUNK_SIZE;
    } else if (length == 0) {
      at = At.DONE;
    } else if (length > 0) {
      left = length;
      at = At.BODY;
    } else {
      closes = true;
      at = At.UNTIL_CLOSE;
    }
  }

  private void chunkSize() throws Malformed {
    int end = 0;
    while (end < lineLength && line[end] != ';' && line[end] != ' ') {
      end++;
    }
    left = number(0, end, 16);
    at = left == 0 ? At.TRAILERS : At.CHUNK;
  }

  private long number(int from, int to, int radix) throws Malformed {
    long value = 0;
    if (from == to || to - from > 12) {
      throw new Malformed("no number");
    }
    for (int i = from; i < to; i++) {
      int digit = Character.digit(line[i], radix);
      if (digit < 0) {
        throw new Malformed("no number");
      }
      value = value * radix + digit;
    }
    return value;
  }

  private boolean startsWith(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (line[i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean named(int colon, byte[] name) {
    if (colon != name.length) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      if ((line[i] | 0x20) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private String value(int from) {
    return new String(line, from, lineLength - from, StandardCharsets.ISO_8859_1)
        .strip()
        .toLowerCase(java.util.Locale.ROOT);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
