package com.telconova.local.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageTreeTest {
  @TempDir Path folder;
  private Path target;
  private Path runtime;
  private Path flags;
  private ImageTree tree;

  @BeforeEach
  void build() throws IOException {
    target = folder.resolve("target");
    Files.createDirectories(target.resolve("lib"));
    jar(target.resolve("auth.jar"), "lib/used.jar lib/also-used.jar");
    jar(target.resolve("lib/used.jar"), "");
    jar(target.resolve("lib/also-used.jar"), "");
    jar(target.resolve("lib/left-by-an-earlier-build.jar"), "");
    runtime = folder.resolve("runtime");
    Files.createDirectories(runtime.resolve("bin"));
    Files.writeString(runtime.resolve("bin/java"), "");
    assertThat(runtime.resolve("bin/java").toFile().setExecutable(true)).isTrue();
    flags = Files.writeString(folder.resolve("jvm.args"), "-Xmx80m\n");
    tree = new ImageTree("auth", folder.resolve("image/auth"));
  }

  @Test
  void what_the_manifest_names_goes_in_and_nothing_else() throws IOException {
    tree.assemble(target, flags, runtime);

    assertThat(files(tree.root()))
        .containsExactly(
            "app/auth.jar",
            "app/jvm.args",
            "app/lib/libraries.jar",
            "app/run.args",
            "opt/java/bin/java");
    assertThat(Files.isExecutable(tree.java().resolve("bin/java"))).isTrue();
    assertThat(tree.app().resolve("run.args")).hasContent("-jar auth.jar");
  }

  @Test
  void the_jar_names_its_libraries_as_they_are_in_the_image() throws IOException {
    tree.assemble(target, flags, runtime);

    assertThat(ImageTree.libraries(tree.jar())).containsExactly("lib/libraries.jar");
  }

  @Test
  void it_knows_what_it_was_made_of() throws IOException {
    assertThat(tree.isOf(target, flags)).isFalse();

    tree.assemble(target, flags, runtime);

    assertThat(tree.isOf(target, flags)).isTrue();
    Files.writeString(flags, "-Xmx81m\n");
    assertThat(tree.isOf(target, flags)).isFalse();
    tree.assemble(target, flags, runtime);
    assertThat(tree.isOf(target, flags)).isTrue();
    Files.writeString(target.resolve("lib/used.jar"), "another");
    assertThat(tree.isOf(target, flags)).isFalse();
  }

  @Test
  void all_files_are_of_one_age_for_which_the_cache_is_made() throws IOException {
    tree.assemble(target, flags, runtime);
    Files.writeString(tree.cache(), "cache");
    tree.useCache();

    try (var all = Files.walk(tree.root())) {
      assertThat(all)
          .allSatisfy(file ->
              assertThat(Files.getLastModifiedTime(file).toInstant())
                  .isEqualTo(Instant.parse("2026-01-01T00:00:00Z")));
    }
    assertThat(tree.app().resolve("run.args")).hasContent("-XX:AOTCache=auth.aot\n-jar auth.jar");
  }

  @Test
  void a_second_time_leaves_nothing_of_the_first() throws IOException {
    tree.assemble(target, flags, runtime);
    Files.writeString(tree.cache(), "of another build");
    tree.assemble(target, flags, runtime);

    assertThat(tree.hasCache()).isFalse();
  }

  @Test
  void a_runtime_has_what_the_classes_name_and_what_is_known_by_name_only() throws IOException {
    var modules = JavaRuntime.modules(List.of(target.resolve("auth.jar")));

    assertThat(modules).contains("java.base").containsAll(JavaRuntime.BY_NAME);
    assertThat(modules).doesNotContainAnyElementsOf(JavaRuntime.UNUSED);
  }

  private static Set<String> files(Path root) throws IOException {
    try (var all = Files.walk(root)) {
      var names = new TreeSet<String>();
      all.filter(Files::isRegularFile).forEach(file -> names.add(root.relativize(file).toString()));
      return names;
    }
  }

  private static void jar(Path file, String libraries) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!libraries.isEmpty()) {
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, libraries);
    }
    var name = "ImageTree.class";
    try (var out = new JarOutputStream(Files.newOutputStream(file), manifest);
        var code = ImageTree.class.getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry("com/telconova/local/image/" + name));
      code.transferTo(out);
    }
  }
}
