package com.telconova.local.image;

import com.telconova.local.workbench.Program;
import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/// The files of one image, below a folder: `opt/java` and `app`, which holds the module's jar, its
/// libraries as one jar in `lib`, the JVM's flags, the AOT cache, and the arguments that name cache
/// and jar. It runs wherever it lies: `cd app; ../opt/java/bin/java @jvm.args @run.args`.
///
/// @param module a service, or `sql`
record ImageTree(String module, Path root) {
  // A cache is for jars of exactly this age, and a layer is shared that is the same to the byte.
  private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private static final String LIBRARIES = "lib/libraries.jar";

  /// Makes the folder anew.
  ///
  /// @param modules what goes in: `<checkout>/<module>/target`
  void assemble(Path target, Path flags, Path runtime) throws IOException {
    Checkout.delete(root);
    var jar = target.resolve(module + ".jar");
    copy(runtime, java());
    copy(flags, app().resolve("jvm.args"));
    Libraries.rename(jar, LIBRARIES, jar());
    Libraries.merge(
        jar, libraries(jar).stream().map(target::resolve).toList(), app().resolve(LIBRARIES));
    runs(List.of("-jar " + module + ".jar"));
    age();
    Files.writeString(madeOf(), digest(target, flags));
  }

  /// Whether it was made of these.
  boolean isOf(Path target, Path flags) throws IOException {
    return Files.exists(madeOf())
        && Files.exists(target.resolve(module + ".jar"))
        && Files.readString(madeOf()).equals(digest(target, flags));
  }

  /// From now on it starts from its cache.
  void useCache() throws IOException {
    runs(List.of("-XX:AOTCache=" + cache().getFileName(), "-jar " + module + ".jar"));
    age();
  }

  Path java() {
    return root.resolve("opt/java");
  }

  Path app() {
    return root.resolve("app");
  }

  Path jar() {
    return app().resolve(module + ".jar");
  }

  Path cache() {
    return app().resolve(module + ".aot");
  }

  /// Whether the training run left one.
  boolean hasCache() {
    return Files.exists(cache());
  }

  /// Beside the image, of which it is no part.
  private Path madeOf() {
    return root.resolveSibling(module + ".sha256");
  }

  private String digest(Path target, Path flags) throws IOException {
    var jar = target.resolve(module + ".jar");
    var files = new ArrayList<>(List.of(flags, jar));
    libraries(jar).forEach(library -> files.add(target.resolve(library)));
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var file : files) {
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /// How it is started here. The jar is named as in the image, relative: the cache is for that.
  Program program() {
    return new Program(app(), java().resolve("bin/java"), Path.of("jvm.args"), jar().getFileName());
  }

  /// Bytes of the files below a folder, or of a file; 0 when there is none.
  static long size(Path path) {
    if (!Files.exists(path)) {
      return 0;
    }
    try (var files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a jar's manifest names, relative to it.
  static List<String> libraries(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      var names = file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return names == null || names.isBlank() ? List.of() : List.of(names.split(" "));
    }
  }

  private void runs(List<String> arguments) throws IOException {
    Files.write(app().resolve("run.args"), arguments);
  }

  private void age() throws IOException {
    try (var files = Files.walk(root)) {
      for (var file : files.toList()) {
        if (!Files.isSymbolicLink(file)) {
          Files.setLastModifiedTime(file, TIME);
        }
      }
    }
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
