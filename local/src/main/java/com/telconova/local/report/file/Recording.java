package com.telconova.local.report.file;

import com.telconova.shared.lifecycle.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// A file of Flight Recorder: parts (chunks), one behind the other, each readable by itself. The
/// head of a part says how long it is and which time it covers, so that the span of a recording is
/// known before any event is read.
///
/// A process that is killed leaves its last part unfinished. It can be read up to the last second
/// or so, unless the file ends before what its head promises: then the parts before it are read.
///
/// @param start of the first part, in nanoseconds since 1970
/// @param end of the last part that can be read, in nanoseconds since 1970
/// @param parts how many can be read, at least 1
/// @param readable how many bytes they take
/// @param last where the last of them begins
/// @param fault what is missing at its end and why; empty when it is whole
public record Recording(
    Path file, long start, long end, int parts, long readable, long last, Optional<String> fault) {
  private static final int HEAD_BYTES = 68;
  private static final int MAGIC = 0x464c5200; // FLR and a zero
  private static final int STATE_AT = 64;
  private static final byte BEING_WRITTEN = (byte) 255;

  /// Reads the heads of a file's parts.
  ///
  /// @throws RecordingFault if it is missing, is no recording, or has no part that can be read
  public static Recording open(Path file) {
    if (!Files.exists(file)) {
      throw new RecordingFault(file + " does not exist; ./microflow record makes recordings.");
    }
    if (Files.isDirectory(file)) {
      throw new RecordingFault(file + " is a folder; name the .jfr files in it.");
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(file, channel);
    } catch (IOException e) {
      throw new RecordingFault(file + " cannot be read: " + CannotStart.reason(e));
    }
  }

  private static Recording read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    long at = 0;
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    int parts = 0;
    long last = 0;
    String fault = null;
    while (at < size && fault == null) {
      var head = head(channel, at);
      if (head.limit() < HEAD_BYTES || head.getInt(0) != MAGIC) {
        if (at == 0 && (head.limit() < 4 || head.getInt(0) != MAGIC)) {
          throw new RecordingFault(
              file + " is not a recording of Flight Recorder; it should begin with FLR.");
        }
        fault = "what follows its part %d is not another one".formatted(parts);
        break;
      }
      long length = head.getLong(8);
      boolean written = head.get(STATE_AT) == BEING_WRITTEN;
      if (written || length < HEAD_BYTES || length > size - at) {
        fault =
            "its last part is incomplete (%,d of %,d bytes are there): its process was killed, or"
                    .formatted(size - at, Math.max(length, size - at))
                + " the file was cut";
        break;
      }
      long began = head.getLong(32);
      start = Math.min(start, began);
      end = Math.max(end, began + Math.max(0, head.getLong(40)));
      parts++;
      last = at;
      at += length;
      if (head.get(STATE_AT) != 0) {
        fault = "its last part was never finished: its process was killed";
      }
    }
    if (parts == 0) {
      throw new RecordingFault(
          file
              + " holds no part that can be read"
              + (fault == null ? ": it is empty" : ": " + fault)
              + "; take another recording.");
    }
    return new Recording(
        file, start, Math.max(end, start + 1), parts, at, last, Optional.ofNullable(fault));
  }

  private static ByteBuffer head(FileChannel channel, long at) throws IOException {
    var head = ByteBuffer.allocate(HEAD_BYTES);
    while (head.hasRemaining() && channel.read(head, at + head.position()) >= 0) {
      // until it is full, or the file ends
    }
    return head.flip();
  }

  /// Hands over each event in the order of the file, which is not that of time.
  ///
  /// @return why it ended before its time; empty when all of it was read
  public Optional<String> read(Consumer<RecordedEvent> each) {
    try {
      if (fault.isEmpty()) {
        return read(file, each);
      }
      var copy = Files.createTempFile("microflow-report", ".jfr");
      try {
        copyTo(copy);
        return read(copy, each);
      } finally {
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> read(Path from, Consumer<RecordedEvent> each) throws IOException {
    boolean some = false;
    try (var events = new RecordingFile(from)) {
      while (events.hasMoreEvents()) {
        each.accept(events.readEvent());
        some = true;
      }
      return Optional.empty();
    } catch (IOException e) {
      if (some) {
        return Optional.of("it could be read only so far: " + CannotStart.reason(e));
      }
      throw e;
    }
  }

  /// What can be read and nothing behind it, as if it had been finished: a reader waits for the end
  /// of what says that it is being written.
  private void copyTo(Path copy) throws IOException {
    try (var from = FileChannel.open(file, StandardOpenOption.READ);
        var to = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      long done = 0;
      while (done < readable) {
        done += from.transferTo(done, readable - done, to);
      }
      to.write(ByteBuffer.allocate(1), last + STATE_AT);
    }
  }
}
