package com.telconova.tracking.evidence;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Faults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/// Reads the form of an upload, `multipart/form-data` (RFC 7578) with one part `file` and one part
/// `kind` in any order, handing on the file's bytes as they come.
///
/// The parser calls back on the thread that feeds it, and swallows what the callbacks throw: so
/// they note it, and [#read] throws it.
final class EvidenceForm extends MultiPart.AbstractPartsListener {
  /// The longest request: a file and the frame around it.
  static final long MAX_BYTES = Reception.MAX_BYTES + 64 * 1024L;

  private static final Duration MAX_TIME = Duration.ofMinutes(2);
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int MAX_PARTS = 20;
  private static final int MAX_PART_HEADERS = 4 * 1024;
  private static final int MAX_KIND_BYTES = 32;
  private static final Set<String> PLAIN_ENCODINGS = Set.of("binary", "8bit", "7bit");

  private final Clock clock;
  private final Reception reception;
  private final ByteArrayOutputStream kind = new ByteArrayOutputStream();
  private final Faults faults = new Faults();
  private boolean fileSeen;
  private boolean kindSeen;
  private String fileName;
  private Target target = Target.NOTHING;
  private RuntimeException failure;
  private Error error;

  /// Where the content of the part at hand goes.
  private enum Target {
    FILE,
    KIND,
    NOTHING
  }

  EvidenceForm(Clock clock, Reception reception) {
    this.clock = clock;
    this.reception = reception;
  }

  /// Reads the whole form.
  ///
  /// @throws Failure.BadRequest when it is malformed, breaks off, or takes longer than two minutes
  /// @throws Failure.Invalid naming every part that is missing, wrong or too many
  /// @throws Failure.TooLarge beyond [#MAX_BYTES], or what [Reception#write] throws
  void read(InputStream body, String boundary) {
    MultiPart.Parser parser = new MultiPart.Parser(boundary, this);
    parser.setMaxParts(MAX_PARTS);
    parser.setPartHeadersMaxLength(MAX_PART_HEADERS);
    byte[] buffer = new byte[BUFFER_BYTES];
    Instant deadline = clock.instant().plus(MAX_TIME);
    long total = 0;
    int read;
    do {
      read = readSome(body, buffer);
      total += Math.max(0, read);
      if (total > MAX_BYTES) {
        throw new Failure.TooLarge("A file takes up to 9 MiB.");
      }
      if (clock.instant().isAfter(deadline)) {
        throw new Failure.BadRequest("The upload took longer than two minutes.");
      }
      parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer, 0, Math.max(0, read)), read < 0));
      if (error != null) { // without memory for a piece, the rest must not pass for the file
        throw error;
      } else if (failure != null) {
        throw failure;
      }
    } while (read >= 0);
    checkParts();
  }

  /// What the file shows. To be asked after [#read].
  Evidence.Kind kind() {
    return parsedKind().orElseThrow();
  }

  /// The file's name, cleaned. To be asked after [#read].
  String fileName() {
    return FileName.clean(fileName);
  }

  @Override
  public void onPartHeader(String name, String value) {
    super.onPartHeader(name, value);
    if (name.equalsIgnoreCase("Content-Transfer-Encoding")
        && !PLAIN_ENCODINGS.contains(value.toLowerCase(Locale.ROOT))) {
      faults.add("/file", "takes bytes as they are, not in " + FileName.clean(value));
    }
  }

  @Override
  public void onPartHeaders() {
    target =
        switch (getName()) {
          case "file" -> beginFile();
          case "kind" -> beginKind();
          case null -> foreign("");
          case String name -> foreign("/" + FileName.clean(name));
        };
  }

  @Override
  public void onPartContent(Content.Chunk chunk) {
    if (failure != null || error != null || target == Target.NOTHING) {
      return;
    }
    try {
      ByteBuffer content = chunk.getByteBuffer();
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      switch (target) {
        case FILE -> reception.write(bytes, 0, bytes.length);
        case KIND -> kind.write(bytes, 0, Math.min(bytes.length, MAX_KIND_BYTES - kind.size()));
        case NOTHING -> {}
      }
    } catch (RuntimeException e) {
      failure = e;
    } catch (Error e) {
      error = e;
    }
  }

  @Override
  public void onPart(String name, String sentFileName, HttpFields headers) {
    target = Target.NOTHING;
  }

  @Override
  public void onFailure(Throwable thrown) {
    if (failure == null) {
      failure = new Failure.BadRequest("The body is not a well-formed multipart form.");
    }
  }

  private Target beginFile() {
    if (fileSeen) {
      faults.add("/file", "may be sent once");
      return Target.NOTHING;
    }
    fileSeen = true;
    if (getFileName() == null) {
      faults.add("/file", "takes a file with its name, not a text");
      return Target.NOTHING;
    }
    fileName = getFileName();
    return Target.FILE;
  }

  private Target beginKind() {
    if (kindSeen) {
      faults.add("/kind", "may be sent once");
      return Target.NOTHING;
    }
    kindSeen = true;
    return Target.KIND;
  }

  private Target foreign(String pointer) {
    faults.add(pointer, "is not a part of this form; send file and kind");
    return Target.NOTHING;
  }

  private void checkParts() {
    faults.require(fileSeen, "/file", "is required");
    faults.require(!fileSeen || !reception.isEmpty(), "/file", "is empty");
    faults.require(kindSeen, "/kind", "is required");
    faults.require(
        parsedKind().isPresent(),
        "/kind",
        "takes one of "
            + Arrays.stream(Evidence.Kind.values())
                .map(Enum::name)
                .collect(Collectors.joining(", ")));
    faults.check();
  }

  private Optional<Evidence.Kind> parsedKind() {
    String text = kind.toString(StandardCharsets.UTF_8).strip();
    return Arrays.stream(Evidence.Kind.values()).filter(k -> k.name().equals(text)).findFirst();
  }

  private static int readSome(InputStream body, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw Failure.ofBody(e);
    }
  }
}
