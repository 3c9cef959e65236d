package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// A checkout of its own, with spaces in its path, whose modules are links to the real one's. So a
/// test does not meet what somebody runs in the real one.
public final class ScratchCheckout implements AutoCloseable {

  private final Path parent;
  private final Path root;

  private ScratchCheckout() throws IOException {
    var real = Checkout.find();
    parent = real.scratch("checkout");
    root = parent.resolve("a clone with spaces");
    Files.createDirectories(root.resolve(".microflow/tmp"));
    Files.createSymbolicLink(root.resolve(".microflow/cache"), real.cache());
    Files.createDirectories(root.resolve("local"));
    Files.createSymbolicLink(root.resolve("local/emulator"), real.root().resolve("local/emulator"));
    for (var name : List.of("sql", "docker")) {
      Files.createSymbolicLink(root.resolve(name), real.root().resolve(name));
    }
  }

  /// With the real services, the `microflow` script and the smoke scripts. A test that asks for
  /// them before they are built is skipped.
  public static ScratchCheckout real() throws IOException {
    var from = Checkout.find().root();
    for (var service : Topology.SERVICES) {
      var jar = from.resolve(service + "/target/" + service + ".jar");
      assumeTrue(Files.exists(jar), () -> "not built: " + jar);
    }
    var checkout = new ScratchCheckout();
    for (var name : List.of("local/src", "local/target")) {
      Files.createSymbolicLink(checkout.root.resolve(name), from.resolve(name));
    }
    // A script finds its checkout by where it lies itself.
    Files.copy(from.resolve("microflow"), checkout.root.resolve("microflow"));
    Files.createDirectories(checkout.root.resolve("smoke"));
    try (var scripts = Files.newDirectoryStream(from.resolve("smoke"), "*.sh")) {
      for (var script : scripts) {
        Files.copy(script, checkout.root.resolve("smoke").resolve(script.getFileName()));
      }
    }
    for (var service : Topology.SERVICES) {
      Files.createSymbolicLink(checkout.root.resolve(service), from.resolve(service));
    }
    return checkout;
  }

  /// With stand-ins for the services, to test the workbench apart from what it runs.
  static ScratchCheckout withStandIns() throws IOException {
    var checkout = new ScratchCheckout();
    for (var service : Topology.SERVICES) {
      checkout.service(service, StandIn.class);
    }
    return checkout;
  }

  /// Where it is.
  public Path root() {
    return root;
  }

  /// The file names of the steps, in their order.
  List<String> smokeScripts() throws IOException {
    try (var files = Files.list(root.resolve("smoke"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d\\d-.*\\.sh"))
          .sorted()
          .toList();
    }
  }

  /// Replaces a service by one whose main class this is.
  void service(String name, Class<?> main) throws IOException {
    var target = Files.createDirectories(root.resolve(name).resolve("target"));
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
    try (var jar =
        new JarOutputStream(Files.newOutputStream(target.resolve(name + ".jar")), manifest)) {
      for (var type : List.of(StandIn.class, StandIn.Broken.class)) {
        var entry = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(entry));
        try (var bytes = type.getClassLoader().getResourceAsStream(entry)) {
          bytes.transferTo(jar);
        }
        jar.closeEntry();
      }
    }
  }

  /// Every running process whose command line names this checkout.
  List<String> processes() {
    return ProcessHandle.allProcesses()
        .map(handle -> handle.info().commandLine().orElse(""))
        .filter(line -> line.contains(root.toString()))
        .toList();
  }

  /// Waits until nothing of a run is left: no process, and so no port, no file but logs and caches.
  @Override
  public void close() {
    await().atMost(Duration.ofSeconds(40)).until(this::processes, List::isEmpty);
    assertThat(root.resolve(".microflow/run.json")).doesNotExist();
    assertThat(root.resolve(".microflow/targets/up.json")).doesNotExist();
    assertThat(root.resolve(".microflow/run")).doesNotExist();
    assertThat(root.resolve(".microflow/children")).doesNotExist();
    assertThat(root.resolve(".microflow/tmp")).isEmptyDirectory();
    // Walking does not follow links: the real cache and modules stay.
    Checkout.delete(parent);
  }
}
