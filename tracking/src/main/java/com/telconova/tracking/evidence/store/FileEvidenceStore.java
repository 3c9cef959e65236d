package com.telconova.tracking.evidence.store;

import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.problem.Failure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps objects as files below one directory.
///
/// An object is written aside, forced to the disk, then renamed into place in one step, and the
/// directory forced too: after a power cut it is there whole or not at all.
public final class FileEvidenceStore implements EvidenceStore {
  private static final Logger log = LoggerFactory.getLogger(FileEvidenceStore.class);
  private static final String ASIDE = ".incoming";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private final Path root;
  private final Path aside;

  private FileEvidenceStore(Path root) {
    this.root = root;
    this.aside = root.resolve(ASIDE);
  }

  /// Opens the directory, and makes it if need be.
  ///
  /// @throws CannotStart when it cannot be used
  public static FileEvidenceStore open(Path directory) {
    FileEvidenceStore store = new FileEvidenceStore(directory.toAbsolutePath().normalize());
    try {
      Files.createDirectories(store.aside);
      return store;
    } catch (IOException e) {
      throw new CannotStart(
          "The directory %s cannot be used: %s. Check EVIDENCE_DIRECTORY and who may write there."
              .formatted(store.root, e),
          e);
    }
  }

  @Override
  public Upload begin(String key, long maxBytes) {
    try {
      return new FileUpload(path(key));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public Optional<InputStream> open(String key, long offset, long length) {
    try {
      FileChannel channel = FileChannel.open(path(key), StandardOpenOption.READ);
      channel.position(offset);
      return Optional.of(new Slice(Channels.newInputStream(channel), length));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void delete(String key) {
    try {
      Path path = path(key);
      if (Files.deleteIfExists(path)) {
        force(path.getParent());
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void abandon(Instant before) {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(aside)) {
      for (Path part : parts) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(before)) {
          Files.deleteIfExists(part);
        }
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() {}

  private final class FileUpload implements Upload {
    private final Path target;
    private final Path part = aside.resolve(UUID.randomUUID() + ".part");
    private final FileChannel channel;
    private boolean committed;

    FileUpload(Path target) throws IOException {
      this.target = target;
      this.channel =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw failure(e);
      }
    }

    @Override
    public void commit() {
      try {
        channel.force(true);
        channel.close();
        Path folder = target.getParent();
        Files.createDirectories(folder);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        for (Path at = folder; at.startsWith(root); at = at.getParent()) {
          force(at); // a new folder is an entry of its parent's
        }
        committed = true;
      } catch (IOException e) {
        throw failure(e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
        if (!committed) {
          Files.deleteIfExists(part);
          Files.deleteIfExists(target);
        }
      } catch (IOException e) {
        log.warn("{} or {} may be left behind; nobody refers to them", part, target, e);
      }
    }
  }

  /// So many bytes of a stream and no more.
  private static final class Slice extends FilterInputStream {
    private long left;

    Slice(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = super.read(bytes, offset, (int) Math.min(left, length));
      left -= Math.max(0, read);
      return read;
    }
  }

  private Path path(String key) {
    Path path = root.resolve(key).normalize();
    if (!path.startsWith(root) || path.startsWith(aside) || path.equals(root)) {
      throw new IllegalArgumentException("not a key: " + key);
    }
    return path;
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Java has no exception of its own for a full disk: what the system says of ENOSPC and EDQUOT
  /// tells it.
  static Failure failure(IOException cause) {
    String said = cause.getMessage() == null ? "" : cause.getMessage();
    return said.contains("No space left on device") || said.contains("Disk quota exceeded")
        ? new Failure.InsufficientStorage(
            "The evidence store is full; nothing was kept. Tell whoever operates it.", cause)
        : new Failure.Unavailable(
            "The evidence store cannot be used at the moment; nothing was kept. Try again later.",
            RETRY_AFTER,
            cause);
  }
}
