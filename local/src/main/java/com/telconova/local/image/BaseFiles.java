package com.telconova.local.image;

import com.telconova.local.workbench.StartFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What the base image gives in a container, taken from this machine: the C library that Java is
/// linked to, and somebody to be who is not root. No shell, no other program.
final class BaseFiles {
  /// Whom a container runs as: `nonroot` of the distroless images.
  static final int USER = 65532;

  private static final Pattern LINKED = Pattern.compile("(/\\S+\\.so\\S*) \\(0x");

  private BaseFiles() {}

  /// Adds them to a tree, which then runs by chroot too.
  static void add(Path root) throws IOException, InterruptedException {
    var java = root.resolve("opt/java");
    var libraries = new TreeSet<String>();
    libraries.addAll(linked(java.resolve("bin/java")));
    libraries.addAll(linked(java.resolve("lib/server/libjvm.so")));
    libraries.removeIf(library -> library.startsWith(root.toString()));
    for (var library : libraries) {
      // By its content: a name such as libc.so.6 may be a link.
      var target = root.resolve(library.substring(1));
      Files.createDirectories(target.getParent());
      Files.copy(Path.of(library).toRealPath(), target);
    }
    text(root.resolve("etc/passwd"), "nonroot:x:%d:%d:nonroot:/app:/sbin/nologin\n", USER, USER);
    text(root.resolve("etc/group"), "nonroot:x:%d:\n", USER);
    text(root.resolve("etc/nsswitch.conf"), "hosts: files dns\n");
    for (var empty : Set.of("tmp", "proc", "dev", "sys")) {
      Files.createDirectories(root.resolve(empty));
    }
    addPackage(root);
  }

  // As the distroless images do: a scanner then knows whose C library it is, and which.
  private static void addPackage(Path root) throws IOException, InterruptedException {
    var system = Path.of("/etc/os-release");
    var status = root.resolve("var/lib/dpkg/status.d/libc6");
    Files.createDirectories(status.getParent());
    if (Files.exists(Path.of("/usr/bin/dpkg-query")) && Files.exists(system)) {
      Files.copy(system.toRealPath(), root.resolve("etc/os-release"));
      Files.writeString(status, output("dpkg-query", "--status", "libc6"));
    }
  }

  private static void text(Path file, String format, Object... values) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, format.formatted(values));
  }

  private static Set<String> linked(Path executable) throws IOException, InterruptedException {
    var out = output("ldd", executable.toString());
    var found = new TreeSet<String>();
    LINKED.matcher(out).results().forEach(match -> found.add(match.group(1)));
    return found;
  }

  private static String output(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new StartFailed(String.join(" ", command) + " failed: " + out.strip());
    }
    return out;
  }
}
