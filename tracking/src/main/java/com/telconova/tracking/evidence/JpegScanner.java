package com.telconova.tracking.evidence;

import com.telconova.shared.problem.Failure;
import com.telconova.tracking.evidence.Redaction.Blank;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Finds in a JPEG, as its bytes come, whatever does not make the picture (ITU-T T.81 annex B):
/// EXIF, XMP, IPTC, comments, makers' own segments, and what follows the picture. What it does not
/// understand it counts among them. Holds a kilobyte, whatever the size of the file.
final class JpegScanner {
  static final int MAX_BLANKS = 1_000;

  /// The payload that says how to turn the picture and nothing else.
  static final int SMALLEST_EXIF = 32;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP2 = 0xe2;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;
  private static final int PEEK = 1024;
  private static final int ORIENTATION = 0x0112;

  private final List<Blank> blanks = new ArrayList<>();
  private final ByteArrayOutputStream peeked = new ByteArrayOutputStream();
  private Expect expect = Expect.START;
  private long at;
  private int marker;
  private int length;
  private long segmentEnd;
  private long payload;
  private int orientation;
  private long orientationAt;

  /// What the next byte is.
  private enum Expect {
    START,
    START_CODE,
    MARKER,
    CODE,
    LENGTH_HIGH,
    LENGTH_LOW,
    PAYLOAD,
    PICTURE,
    PICTURE_CODE,
    NOTHING
  }

  /// Takes the next bytes.
  ///
  /// @throws Failure.UnsupportedMediaType when there is too much to leave out
  void write(byte[] bytes, int offset, int count) {
    int i = offset;
    int end = offset + count;
    while (i < end) {
      if (expect == Expect.NOTHING) {
        at += end - i;
        return;
      } else if (expect == Expect.PAYLOAD) {
        int take = (int) Math.min(end - i, segmentEnd - at);
        peeked.write(bytes, i, Math.min(take, PEEK - peeked.size()));
        i += take;
        at += take;
        if (at == segmentEnd) {
          endSegment();
        }
      } else {
        int b = bytes[i++] & 0xff;
        at++;
        step(b);
      }
    }
  }

  /// What is to be left out. Nothing more may come.
  Redaction redaction() {
    if (expect == Expect.PAYLOAD) { // broken off in the middle of it
      blank(payload, at - payload);
    } else if (expect == Expect.NOTHING && segmentEnd < at) {
      blank(segmentEnd, at - segmentEnd);
    }
    return blanks.isEmpty() ? Redaction.NONE : new Redaction(blanks, orientation, orientationAt);
  }

  private void step(int b) {
    switch (expect) {
      case START -> expect = b == 0xff ? Expect.START_CODE : lost();
      case START_CODE -> expect = b == SOI ? Expect.MARKER : lost();
      case MARKER -> expect = b == 0xff ? Expect.CODE : lost();
      case CODE -> code(b);
      case LENGTH_HIGH -> {
        length = b << 8;
        expect = Expect.LENGTH_LOW;
      }
      case LENGTH_LOW -> {
        length |= b;
        beginSegment();
      }
      case PICTURE -> expect = b == 0xff ? Expect.PICTURE_CODE : Expect.PICTURE;
      case PICTURE_CODE -> pictureCode(b);
      case PAYLOAD, NOTHING -> throw new IllegalStateException("not byte by byte");
    }
  }

  private void code(int b) {
    marker = b;
    expect =
        switch (b) {
          case 0xff -> Expect.CODE; // any number of them may come before a code
          case EOI -> ended();
          case 0x00, SOI -> lost();
          default -> Expect.LENGTH_HIGH;
        };
  }

  private void beginSegment() {
    if (length < 2) {
      expect = lost();
      return;
    }
    payload = at;
    segmentEnd = at + length - 2;
    peeked.reset();
    expect = Expect.PAYLOAD;
    if (at == segmentEnd) {
      endSegment();
    }
  }

  private void endSegment() {
    byte[] head = peeked.toByteArray();
    boolean application = marker >= APP0 && marker <= APP15;
    if (marker == COM || (application && !makesThePicture(head))) {
      if (marker == APP1 && orientation == 0 && segmentEnd - payload >= SMALLEST_EXIF) {
        orientation = orientation(head);
        orientationAt = payload;
      }
      blank(payload, segmentEnd - payload);
    }
    expect = marker == SOS ? Expect.PICTURE : Expect.MARKER;
  }

  /// Density, colour profile and colour transform: a decoder needs them.
  private boolean makesThePicture(byte[] head) {
    return marker == APP0
        || (marker == APP2 && begins(head, "ICC_PROFILE\0"))
        || (marker == APP14 && begins(head, "Adobe"));
  }

  /// Within the picture's data, 0xff stands for itself before 0, and restart markers separate.
  private void pictureCode(int b) {
    if (b == 0x00 || (b >= 0xd0 && b <= 0xd7)) {
      expect = Expect.PICTURE;
    } else {
      code(b);
      expect = expect == Expect.CODE ? Expect.PICTURE_CODE : expect;
    }
  }

  /// The picture is over: the rest is something else.
  private Expect ended() {
    segmentEnd = at;
    return Expect.NOTHING;
  }

  /// No JPEG from here on.
  private Expect lost() {
    segmentEnd = at - 1;
    return Expect.NOTHING;
  }

  private void blank(long offset, long count) {
    if (count == 0) {
      return;
    } else if (blanks.size() == MAX_BLANKS) {
      throw new Failure.UnsupportedMediaType(
          "This JPEG has more than %d pieces of metadata; save it without them."
              .formatted(MAX_BLANKS));
    }
    blanks.add(new Blank(offset, count));
  }

  private static boolean begins(byte[] bytes, String text) {
    byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
    return bytes.length >= expected.length
        && ByteBuffer.wrap(bytes, 0, expected.length).equals(ByteBuffer.wrap(expected));
  }

  /// EXIF's orientation, 2 to 8; 0 when it is the usual one or not said where we look: in the first
  /// directory, near the beginning.
  private static int orientation(byte[] head) {
    if (!begins(head, "Exif\0\0") || head.length < 14) {
      return 0;
    }
    ByteBuffer tiff = ByteBuffer.wrap(head, 6, head.length - 6).slice();
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    if (directory < 8 || directory > tiff.limit() - 2) {
      return 0;
    }
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if (entry > tiff.limit() - 12) {
        return 0;
      } else if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
        int value = tiff.getShort(entry + 8);
        return value >= 2 && value <= 8 ? value : 0;
      }
    }
    return 0;
  }
}
