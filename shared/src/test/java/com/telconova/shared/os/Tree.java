package com.telconova.shared.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A root of one's own, with the files of `/proc` and of cgroups that a test needs.
///
/// @param root an empty folder
record Tree(Path root) {
  /// @param path from the root, without a slash in front
  Tree with(String path, String content) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
