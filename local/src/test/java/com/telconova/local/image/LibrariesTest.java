package com.telconova.local.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jgrapht.graph.DefaultEdge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.utils.Lazy;

final class LibrariesTest {
  private static final String CALLER = "com/telconova/local/image/LibrariesTest$Caller.class";

  @TempDir Path folder;

  @Test
  void of_two_files_the_first_counts_and_lists_are_put_together() throws IOException {
    var first =
        jar("a.jar", Map.of("x.txt", "a", "META-INF/services/S", "A", "META-INF/LICENSE", "mine"));
    var second =
        jar("b.jar", Map.of("x.txt", "b", "META-INF/services/S", "B", "META-INF/LICENSE", "ours"));

    var merged = merge(Map.of(), first, second);

    assertThat(text(merged, "x.txt")).isEqualTo("a");
    assertThat(text(merged, "META-INF/services/S").lines()).containsExactly("A", "B");
    assertThat(text(merged, "META-INF/licences/a.jar/LICENSE")).isEqualTo("mine");
    assertThat(text(merged, "META-INF/licences/b.jar/LICENSE")).isEqualTo("ours");
  }

  @Test
  void of_versions_for_several_javas_this_ones_is_taken() throws IOException {
    var several =
        jar(
            "a.jar",
            Map.of(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\nMulti-Release: true\n",
                "x.txt",
                "old",
                "META-INF/versions/11/x.txt",
                "eleven",
                "META-INF/versions/21/x.txt",
                "twenty-one",
                "META-INF/versions/99/x.txt",
                "not yet"));

    var merged = merge(Map.of(), several);

    assertThat(text(merged, "x.txt")).isEqualTo("twenty-one");
    assertThat(names(merged)).noneMatch(name -> name.startsWith("META-INF/versions/"));
  }

  @Test
  void a_folder_is_found_by_its_name_as_migrations_are() throws IOException {
    var migrations = jar("a.jar", Map.of("shared/V001__tables.sql", "create"));

    var renamed = folder.resolve("renamed/a.jar");
    Libraries.rename(migrations, "lib/libraries.jar", renamed);

    assertThat(names(renamed)).contains("shared/", "shared/V001__tables.sql");
    assertThat(names(merge(Map.of(), migrations))).contains("shared/");
  }

  @Test
  void signatures_and_a_provider_of_ciphers_that_nobody_asked_for_stay_out() throws IOException {
    var signed =
        jar(
            "a.jar",
            Map.of(
                "META-INF/A.SF",
                "",
                "META-INF/A.RSA",
                "",
                "META-INF/services/java.security.Provider",
                "X"));

    assertThat(names(merge(Map.of(), signed))).containsExactly(JarFile.MANIFEST_NAME);
  }

  @Test
  void names_of_local_variables_go_and_numbers_of_lines_stay() throws IOException {
    var library = jarOf("a.jar", DefaultEdge.class);

    var merged = merge(Map.of(), library);

    assertThat(debugging(library)).contains("variables", "lines");
    assertThat(debugging(merged)).containsExactly("lines");
  }

  @Test
  void generics_go_but_of_libraries_that_ask_for_them() throws Exception {
    var merged =
        merge(Map.of(), jarOf("a.jar", SdkPojo.class), jarOf("b.jar", TypeReference.class));

    assertThat(generics(merged, SdkPojo.class)).isEmpty();
    assertThat(generics(merged, TypeReference.class)).isNotEmpty();
  }

  @Test
  void of_a_library_that_we_use_a_corner_of_only_what_is_reached_is_taken() throws Exception {
    var library =
        Path.of(DefaultEdge.class.getProtectionDomain().getCodeSource().getLocation().toURI());

    var merged = merge(Map.of(CALLER, bytes(CALLER)), library);

    assertThat(names(merged))
        .contains("org/jgrapht/graph/DefaultEdge.class")
        .doesNotContain("org/jgrapht/alg/scoring/PageRank.class");
    try (var loader =
        new URLClassLoader(
            new URL[] {merged.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      var type = Class.forName(DefaultEdge.class.getName(), true, loader);
      assertThat(type.getDeclaredConstructor().newInstance()).isNotNull();
    }
  }

  @Test
  void of_a_client_the_operations_that_are_called_are_taken() throws Exception {
    var library =
        Path.of(SqsClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());

    var merged = merge(Map.of(CALLER, bytes(CALLER)), library);

    var methods = methods(merged, "software/amazon/awssdk/services/sqs/SqsClient.class");
    assertThat(methods).contains("builder", "create", "listQueues").doesNotContain("createQueue");
    assertThat(names(merged))
        .contains("software/amazon/awssdk/services/sqs/model/ListQueuesRequest.class")
        .doesNotContain("software/amazon/awssdk/services/sqs/model/CreateQueueRequest.class");
  }

  @Test
  void where_a_service_is_is_known_of_those_that_have_a_client() throws Exception {
    var jars = new ArrayList<Path>();
    for (var type :
        List.of(
            SqsClient.class,
            ServiceMetadata.class,
            SdkPojo.class,
            Lazy.class,
            LoggerFactory.class)) {
      jars.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }

    var merged = merge(Map.of(CALLER, bytes(CALLER)), jars.toArray(Path[]::new));

    assertThat(names(merged))
        .contains("software/amazon/awssdk/regions/servicemetadata/SqsServiceMetadata.class")
        .doesNotContain("software/amazon/awssdk/regions/servicemetadata/XrayServiceMetadata.class");
    try (var loader =
        new URLClassLoader(
            new URL[] {merged.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      var of =
          Class.forName(ServiceMetadata.class.getName(), true, loader)
              .getMethod("of", String.class);
      assertThat(of.invoke(null, "sqs").getClass().getSimpleName()).isEqualTo("SqsServiceMetadata");
      assertThat(of.invoke(null, "xray").getClass().getSimpleName())
          .isEqualTo("DefaultServiceMetadata");
    }
  }

  /// Stands for the module. It never runs: what it names is what matters.
  static final class Caller {
    Object edge() {
      return new DefaultEdge();
    }

    void ask(SqsClient sqs) {
      sqs.listQueues(request -> request.maxResults(1));
    }
  }

  private Path merge(Map<String, byte[]> module, Path... libraries) throws IOException {
    var jar = folder.resolve("module.jar");
    write(jar, module);
    var merged = folder.resolve("merged/libraries.jar");
    Libraries.merge(jar, List.of(libraries), merged);
    return merged;
  }

  private Path jar(String name, Map<String, String> files) throws IOException {
    var bytes = new TreeMap<String, byte[]>();
    files.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
    return write(folder.resolve(name), bytes);
  }

  private Path jarOf(String name, Class<?> type) throws IOException {
    var path = type.getName().replace('.', '/') + ".class";
    return write(folder.resolve(name), Map.of(path, bytes(path)));
  }

  private static Path write(Path jar, Map<String, byte[]> files) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    var given = files.get(JarFile.MANIFEST_NAME);
    if (given != null) {
      manifest = new Manifest(new ByteArrayInputStream(given));
    }
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (var file : files.entrySet()) {
        if (!file.getKey().equals(JarFile.MANIFEST_NAME)) {
          out.putNextEntry(new JarEntry(file.getKey()));
          out.write(file.getValue());
        }
      }
    }
    return jar;
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = LibrariesTest.class.getClassLoader().getResourceAsStream(resource)) {
      return in.readAllBytes();
    }
  }

  private static String text(Path jar, String name) throws IOException {
    try (var file = new JarFile(jar.toFile());
        var in = file.getInputStream(file.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> names(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.stream().map(JarEntry::getName).toList();
    }
  }

  private static List<String> methods(Path jar, String path) throws IOException {
    var found = new ArrayList<String>();
    visit(
        jar,
        path,
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String signature, String[] exceptions) {
            found.add(name);
            return null;
          }
        });
    return found;
  }

  private static List<String> generics(Path jar, Class<?> type) throws IOException {
    var found = new ArrayList<String>();
    visit(
        jar,
        type.getName().replace('.', '/') + ".class",
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String generic, String[] exceptions) {
            if (generic != null) {
              found.add(generic);
            }
            return null;
          }
        });
    return found;
  }

  private static Set<String> debugging(Path jar) throws IOException {
    var found = new HashSet<String>();
    visit(
        jar,
        DefaultEdge.class.getName().replace('.', '/') + ".class",
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitLocalVariable(
                  String name, String type, String generic, Label from, Label to, int index) {
                found.add("variables");
              }

              @Override
              public void visitLineNumber(int line, Label start) {
                found.add("lines");
              }
            };
          }
        });
    return found;
  }

  private static void visit(Path jar, String path, ClassVisitor visitor) throws IOException {
    try (var file = new JarFile(jar.toFile());
        var in = file.getInputStream(file.getEntry(path))) {
      new ClassReader(in.readAllBytes()).accept(visitor, 0);
    }
  }
}
