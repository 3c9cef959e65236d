package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The folder the project was cloned into, and the one folder in it that runs write to.
///
/// @param root absolute; holds the root `pom.xml`
public record Checkout(Path root) {

  private static final Pattern SCRATCH = Pattern.compile(".+-(\\d+)-[0-9a-f]{8}");

  public Checkout {
    root = root.toAbsolutePath().normalize();
  }

  /// The checkout that `MICROFLOW_HOME` names (the tests' and the script's way), else the one
  /// around the working directory.
  ///
  /// @throws IllegalStateException outside of any checkout
  public static Checkout find() {
    var named = System.getenv("MICROFLOW_HOME");
    var start = Path.of(named == null || named.isBlank() ? "" : named).toAbsolutePath();
    for (var folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("local/emulator/package-lock.json"))) {
        return new Checkout(folder);
      }
    }
    throw new IllegalStateException(
        "No MicroFlow checkout around " + start + ": set MICROFLOW_HOME to the folder of pom.xml");
  }

  /// `.microflow`, ignored by git: caches, logs and the state of a run.
  public Path folder() {
    return created(root.resolve(".microflow"));
  }

  /// What is worth keeping between runs: unpacked PostgreSQL, the emulator's packages.
  public Path cache() {
    return created(folder().resolve("cache"));
  }

  /// A new empty folder for one test; the folders of JVMs that no longer run are removed first.
  ///
  /// @param name letters and dashes, to recognise it by
  public Path scratch(String name) {
    var parent = created(folder().resolve("test"));
    removeAbandoned(parent);
    var suffix = UUID.randomUUID().toString().substring(0, 8);
    return created(parent.resolve(name + "-" + ProcessHandle.current().pid() + "-" + suffix));
  }

  /// Removes a folder and all that is in it; one that is not there is fine.
  public static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (java.nio.file.NoSuchFileException | UncheckedIOException gone) {
      // Somebody else removes it at the same time, or it never was.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeAbandoned(Path parent) {
    List<Path> folders;
    try (Stream<Path> children = Files.list(parent)) {
      folders = children.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (var folder : folders) {
      Matcher matcher = SCRATCH.matcher(folder.getFileName().toString());
      if (matcher.matches() && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()) {
        delete(folder);
      }
    }
  }

  private static Path created(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
