package com.telconova.tracking.evidence;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/// Which bytes of a file say more than the picture: where it was taken, above all. Readers who may
/// not know get zeros in their place, so that lengths and ranges stay as they are.
///
/// @param blanks in the order of the file, not overlapping; at most [JpegScanner#MAX_BLANKS]
/// @param orientation how the picture is to be turned, 2 to 8 as in EXIF's tag 0x0112, said anew
///   where the EXIF segment was; 0 when there is nothing to say
/// @param orientationAt the first byte of that segment's payload
record Redaction(List<Blank> blanks, int orientation, long orientationAt) {
  static final Redaction NONE = new Redaction(List.of(), 0, 0);

  /// A run of bytes.
  record Blank(long offset, long length) {
    @JsonIgnore
    long end() {
      return offset + length;
    }
  }

  Redaction {
    blanks = List.copyOf(blanks);
  }

  @JsonIgnore
  boolean isEmpty() {
    return blanks.isEmpty();
  }

  /// The same bytes without what is to be left out.
  ///
  /// @param bytes those of the file from `offset` on
  InputStream over(InputStream bytes, long offset) {
    return new Redacted(bytes, offset);
  }

  private final class Redacted extends FilterInputStream {
    private final byte[] exif = exif();
    private long at;

    Redacted(InputStream bytes, long offset) {
      super(bytes);
      this.at = offset;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      if (read <= 0) {
        return read;
      }
      for (Blank blank : blanks) {
        long from = Math.max(at, blank.offset());
        long to = Math.min(at + read, blank.end());
        if (from < to) {
          int begin = offset + (int) (from - at);
          Arrays.fill(buffer, begin, begin + (int) (to - from), (byte) 0);
        }
      }
      for (int i = 0; i < exif.length; i++) {
        long position = orientationAt + i;
        if (position >= at && position < at + read) {
          buffer[offset + (int) (position - at)] = exif[i];
        }
      }
      at += read;
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      at += skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  /// The smallest EXIF that says how to turn the picture: a TIFF header, big-endian, and one
  /// directory of one entry.
  private byte[] exif() {
    if (orientation == 0) {
      return new byte[0];
    }
    byte[] exif = new byte[JpegScanner.SMALLEST_EXIF];
    byte[] head = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1};
    byte[] entry = {0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte) orientation, 0, 0};
    System.arraycopy(head, 0, exif, 0, head.length);
    System.arraycopy(entry, 0, exif, head.length, entry.length);
    return exif;
  }
}
