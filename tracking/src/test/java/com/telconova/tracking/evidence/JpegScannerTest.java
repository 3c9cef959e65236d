package com.telconova.tracking.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.problem.Failure;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JpegScannerTest {
  /// In every place where a camera or a phone may say where it was.
  private static final String PLACE = "4.6097 N 74.0817 W";

  private static final int APP1 = 0xe1;
  private static final int COMMENT = 0xfe;

  @BeforeAll
  static void without_files() {
    ImageIO.setUseCache(false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void the_picture_stays_to_the_pixel_and_where_it_was_taken_goes(boolean progressive) {
    byte[] plain = picture(progressive);
    byte[] told =
        with(
            plain,
            segment(APP1, exif('M', 6)),
            segment(APP1, bytes("http://ns.adobe.com/xap/1.0/\0<x>" + PLACE + "</x>")),
            segment(0xed, bytes("Photoshop 3.0\0" + PLACE)),
            segment(0xe2, bytes("MPF\0" + PLACE)),
            segment(COMMENT, bytes(PLACE)));
    told = concat(told, with(plain, segment(APP1, exif('I', 1))), bytes(PLACE));

    byte[] redacted = redacted(told, told.length);

    assertThat(text(told)).contains(PLACE);
    assertThat(redacted).hasSameSizeAs(told);
    assertThat(text(redacted)).doesNotContain(PLACE).doesNotContain("4.6097");
    assertThat(pixels(redacted)).isEqualTo(pixels(plain));
  }

  @ParameterizedTest
  @ValueSource(chars = {'M', 'I'})
  void how_the_picture_is_turned_is_still_said(char order) {
    byte[] redacted = redacted(with(picture(false), segment(APP1, exif(order, 6))), 1 << 20);

    assertThat(HexFormat.of().formatHex(Arrays.copyOfRange(redacted, 6, 6 + 32)))
        .isEqualTo(
            "4578696600004d4d002a00000008" + "0001" + "011200030000000100060000" + "00000000");
    JpegScanner again = new JpegScanner();
    again.write(redacted, 0, redacted.length);
    assertThat(again.redaction().orientation()).isEqualTo(6);
  }

  @Test
  void what_makes_the_picture_is_left_alone() {
    byte[] plain =
        with(
            picture(false),
            segment(0xee, bytes("Adobe\0d\0\0\0\0\0")),
            segment(0xe2, bytes("ICC_PROFILE\0\1\1profile")));

    assertThat(scan(plain, plain.length)).isEqualTo(Redaction.NONE);
  }

  @Test
  void it_does_not_matter_in_which_pieces_it_comes_or_is_read() throws IOException {
    byte[] told =
        concat(with(picture(true), segment(APP1, exif('M', 3)), segment(COMMENT, bytes(PLACE))));
    byte[] whole = redacted(told, told.length);
    Random random = new Random(7);

    for (int run = 0; run < 200; run++) {
      Redaction redaction = scan(told, 1 + random.nextInt(40));
      int from = random.nextInt(told.length);
      int to = from + 1 + random.nextInt(told.length - from);
      byte[] part = Arrays.copyOfRange(told, from, to);

      byte[] read = redaction.over(new ByteArrayInputStream(part), from).readAllBytes();

      assertThat(read).isEqualTo(Arrays.copyOfRange(whole, from, to));
    }
  }

  @Test
  void what_is_broken_is_left_out_rather_than_shown() {
    byte[] plain = picture(false);
    byte[] inTheMiddle = with(plain, segment(APP1, bytes("Exif\0\0" + PLACE)));
    byte[] brokenOff = Arrays.copyOf(inTheMiddle, 24);
    byte[] noLength = concat(new byte[] {-1, -40, -1, (byte) APP1, 0, 1}, bytes(PLACE));

    for (byte[] each : new byte[][] {brokenOff, noLength}) {
      assertThat(text(redacted(each, each.length))).doesNotContain("4.60");
    }
  }

  @Test
  void any_bytes_can_be_scanned_and_any_part_of_them_read() throws IOException {
    Random random = new Random(11);
    byte[] told = with(picture(false), segment(APP1, exif('M', 6)), segment(COMMENT, bytes(PLACE)));
    for (int run = 0; run < 2_000; run++) {
      byte[] noise = told.clone();
      for (int i = 0; i < 1 + random.nextInt(30); i++) {
        noise[random.nextInt(Math.min(noise.length, 400))] = (byte) random.nextInt(256);
      }

      byte[] read = redacted(noise, 1 + random.nextInt(50));

      assertThat(read).hasSameSizeAs(noise);
    }
  }

  @Test
  void so_many_pieces_of_metadata_are_no_picture() {
    byte[][] comments = new byte[JpegScanner.MAX_BLANKS + 1][];
    Arrays.fill(comments, segment(COMMENT, bytes("x")));

    assertThatThrownBy(() -> scan(with(picture(false), comments), 100))
        .isInstanceOf(Failure.UnsupportedMediaType.class)
        .hasMessageContaining("metadata");
  }

  private static Redaction scan(byte[] jpeg, int piece) {
    JpegScanner scanner = new JpegScanner();
    for (int at = 0; at < jpeg.length; at += piece) {
      scanner.write(jpeg, at, Math.min(piece, jpeg.length - at));
    }
    return scanner.redaction();
  }

  private static byte[] redacted(byte[] jpeg, int piece) {
    try {
      return scan(jpeg, piece).over(new ByteArrayInputStream(jpeg), 0).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A TIFF directory with an orientation and one entry more that names the place.
  private static byte[] exif(char order, int orientation) {
    boolean big = order == 'M';
    String head = big ? "MM\0*\0\0\0\10" : "II*\0\10\0\0\0";
    byte[] entries =
        HexFormat.of()
            .parseHex(
                big
                    ? "0002" + "882500040000000100000040" + "01120003000000010000" + "0000"
                    : "0200" + "258804000100000040000000" + "12010300010000000000" + "0000");
    int value = entries.length - 4;
    entries[big ? value + 1 : value] = (byte) orientation;
    return concat(bytes("Exif\0\0"), latin(head), entries, new byte[4], bytes("GPS " + PLACE));
  }

  /// Behind the beginning of the file.
  private static byte[] with(byte[] jpeg, byte[]... segments) {
    return concat(
        Arrays.copyOf(jpeg, 2), concat(segments), Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  private static byte[] segment(int marker, byte[] payload) {
    int length = payload.length + 2;
    return concat(new byte[] {-1, (byte) marker, (byte) (length >> 8), (byte) length}, payload);
  }

  private static byte[] picture(boolean progressive) {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        image.setRGB(x, y, random.nextInt(0x1000000));
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam options = writer.getDefaultWriteParam();
    options.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static int[] pixels(byte[] jpeg) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
      return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] concat(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
