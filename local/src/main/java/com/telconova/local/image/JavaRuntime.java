package com.telconova.local.image;

import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.testing.Checkout;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;

/// A Java of no more modules than some jars need.
final class JavaRuntime {
  /// What libraries name and nobody here calls: JDBI's mapper of JavaBeans (java.beans is in
  /// java.desktop) and the Kerberos login of PostgreSQL's driver.
  static final Set<String> UNUSED = Set.of("java.desktop", "java.security.jgss");

  /// What no class names: Spanish dates and numbers.
  static final Set<String> BY_NAME = Set.of("jdk.localedata");

  private static final Path STRIP = Path.of("/usr/bin/strip");

  private JavaRuntime() {}

  /// The modules that jars and their libraries need, as jdeps finds them, without [#UNUSED], with
  /// [#BY_NAME].
  static Set<String> modules(Collection<Path> jars) throws IOException {
    var modules = new TreeSet<String>();
    for (var jar : jars) {
      var path =
          ImageTree.libraries(jar).stream()
              .map(library -> jar.resolveSibling(library).toString())
              .toList();
      var found =
          run(
              "jdeps",
              List.of(
                  "--multi-release",
                  Integer.toString(Runtime.version().feature()),
                  "--ignore-missing-deps",
                  "--recursive",
                  "--print-module-deps",
                  "--class-path",
                  String.join(File.pathSeparator, path),
                  jar.toString()));
      modules.addAll(List.of(found.strip().split(",")));
    }
    modules.removeAll(UNUSED);
    modules.addAll(BY_NAME);
    return modules;
  }

  /// Links it anew, compressed: what its classes cost at the start the cache takes away.
  ///
  /// The table of the JVM's own functions goes, too, where the system can take it out: 5 MB that
  /// only who debugs the JVM itself reads. Its error files then name fewer of them.
  static void link(Set<String> modules, Path folder) throws IOException, InterruptedException {
    Checkout.delete(folder);
    run(
        "jlink",
        List.of(
            "--add-modules",
            String.join(",", modules),
            "--include-locales",
            "en,es",
            "--compress",
            "zip-9",
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--exclude-files",
            "/java.base/lib/classlist",
            "--output",
            folder.toString()));
    // For tools that read this Java from another one.
    Files.deleteIfExists(folder.resolve("lib/jrt-fs.jar"));
    var jvm = folder.resolve("lib/server/libjvm.so");
    if (Files.isExecutable(STRIP) && Files.exists(jvm)) {
      var strip =
          new ProcessBuilder(STRIP.toString(), "--strip-unneeded", jvm.toString())
              .redirectErrorStream(true)
              .start();
      var said = new String(strip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (strip.waitFor() != 0) {
        throw new StartFailed("strip failed: " + said.strip());
      }
    }
  }

  private static String run(String name, List<String> arguments) {
    var tool =
        ToolProvider.findFirst(name)
            .orElseThrow(() -> new StartFailed("this Java has no " + name + ": it is no JDK."));
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        tool.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    if (code != 0) {
      throw new StartFailed(name + " failed: " + (out + "\n" + err).strip());
    }
    return out.toString();
  }
}
