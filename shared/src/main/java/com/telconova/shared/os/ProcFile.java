package com.telconova.shared.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the small text files of `/proc` and of cgroups, one after the other, into one buffer: a
/// scrape reads more than a hundred, and strings of them would be most of what it allocates. Not
/// thread-safe.
final class ProcFile {
  /// No more of a file is ever looked at but by [#eachLine].
  private static final int LARGEST = 64 * 1024;

  // A larger read of the JDK's would allocate natively each time.
  private static final int CHUNK = 8 * 1024;

  private byte[] bytes = new byte[CHUNK];
  private int length;

  /// Where the line, or the part of it, that is looked at begins and ends.
  private int from;

  private int to;

  /// Reads a file whole.
  ///
  /// @return whether it is there and may be read; when not, nothing of an earlier one is left
  boolean read(String path) {
    length = 0;
    from = 0;
    to = 0;
    try (var in = new FileInputStream(path)) {
      int count;
      while ((count = in.read(bytes, length, Math.min(CHUNK, bytes.length - length))) > 0) {
        length += count;
        if (length == bytes.length) {
          if (length == LARGEST) {
            return true;
          }
          bytes = Arrays.copyOf(bytes, Math.min(LARGEST, length * 2));
        }
      }
      return true;
    } catch (IOException e) {
      length = 0; // a thread that ended meanwhile, a file this kernel does not have, or not ours
      return false;
    }
  }

  /// Reads a file of any length by its lines, each of which is the one to look at while `each`
  /// runs; a line beyond the buffer's size is cut.
  ///
  /// @return whether it is there and may be read
  boolean eachLine(String path, Runnable each) {
    length = 0;
    try (var in = new FileInputStream(path)) {
      int count;
      while ((count = in.read(bytes, length, Math.min(CHUNK, bytes.length - length))) > 0) {
        length += count;
        int begin = 0;
        for (int i = length - count; i < length; i++) {
          if (bytes[i] == '\n') {
            from = begin;
            to = i;
            each.run();
            begin = i + 1;
          }
        }
        if (begin == 0 && length == bytes.length) {
          length = 0;
        } else {
          System.arraycopy(bytes, begin, bytes, 0, length - begin);
          length -= begin;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// The whole file as one line, such as `cpu.max`.
  ProcFile whole() {
    from = 0;
    to = length;
    return this;
  }

  /// What follows the last `)`: a process's name in `stat` stands in parentheses and may hold
  /// anything.
  ProcFile behindName() {
    whole();
    for (int i = length - 1; i >= 0; i--) {
      if (bytes[i] == ')') {
        from = i + 1;
        return this;
      }
    }
    return this;
  }

  /// The first number of the line that begins with this; NaN where there is no such line, or no
  /// number, such as `unlimited`.
  double number(String title) {
    return line(title) ? field(0) : Double.NaN;
  }

  /// Makes what follows this title the line to look at.
  ///
  /// @return whether there is such a line
  boolean line(String title) {
    for (int begin = 0; begin < length; ) {
      int end = begin;
      while (end < length && bytes[end] != '\n') {
        end++;
      }
      if (startsWith(title, begin, end)) {
        from = begin + title.length();
        to = end;
        return true;
      }
      begin = end + 1;
    }
    return false;
  }

  private boolean startsWith(String text, int begin, int end) {
    if (end - begin < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[begin + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// A field of the line as a decimal number; NaN when it is none.
  ///
  /// @param index from 0; fields are parted by blanks
  double field(int index) {
    return decimal(startOf(index));
  }

  /// The number that follows `=` of a key in the line, such as `total=` in `/proc/pressure`.
  double valueOf(String key) {
    for (int i = from; i + key.length() < to; i++) {
      if (bytes[i + key.length()] == '=' && startsWith(key, i, to)) {
        return decimal(i + key.length() + 1);
      }
    }
    return Double.NaN;
  }

  /// A field of the line as a hexadecimal number, up to what is no digit; 0 when it is none.
  ///
  /// @param part 0, or 1 for what follows a colon in it, 2 for what follows the second
  long hex(int index, int part) {
    int at = startOf(index);
    for (int i = 0; i < part; i++) {
      while (at < to && bytes[at] != ':' && bytes[at] != ' ') {
        at++;
      }
      at++;
    }
    long value = 0;
    for (; at < to; at++) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) {
        break;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /// A field's first character; 0 when there is no such field.
  char character(int index) {
    int at = startOf(index);
    return at < to ? (char) bytes[at] : 0;
  }

  /// Whether the line begins with this.
  boolean begins(String text) {
    return startsWith(text, from, to);
  }

  /// Which field of the line is this; -1 when none is.
  int indexOf(String text) {
    for (int index = 0; ; index++) {
      int at = startOf(index);
      int end = at + text.length();
      if (at >= to) {
        return -1;
      }
      if (startsWith(text, at, to) && (end == to || isBlank(bytes[end]))) {
        return index;
      }
    }
  }

  /// A field as text; empty when there is no such field.
  String text(int index) {
    int at = startOf(index);
    int end = at;
    while (end < to && !isBlank(bytes[end])) {
      end++;
    }
    return at < to ? new String(bytes, at, end - at, StandardCharsets.UTF_8) : "";
  }

  /// The name in parentheses of `stat`; empty when there is none.
  String name() {
    int begin = 0;
    while (begin < length && bytes[begin] != '(') {
      begin++;
    }
    int end = length - 1;
    while (end > begin && bytes[end] != ')') {
      end--;
    }
    return begin < end ? new String(bytes, begin + 1, end - begin - 1, StandardCharsets.UTF_8) : "";
  }

  /// Whether the name in parentheses of `stat` is this, without making text of it; a name of other
  /// characters than ASCII never is.
  boolean isNamed(String name) {
    int begin = 0;
    while (begin < length && bytes[begin] != '(') {
      begin++;
    }
    int end = begin + 1 + name.length();
    return startsWith(name, begin + 1, length) && end < length && bytes[end] == ')';
  }

  private int startOf(int index) {
    int at = from;
    for (int field = 0; ; field++) {
      while (at < to && isBlank(bytes[at])) {
        at++;
      }
      if (field == index || at >= to) {
        return at;
      }
      while (at < to && !isBlank(bytes[at])) {
        at++;
      }
    }
  }

  private double decimal(int at) {
    long value = 0;
    int begin = at;
    for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      value = value * 10 + bytes[at] - '0';
    }
    return at == begin ? Double.NaN : value;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n';
  }
}
