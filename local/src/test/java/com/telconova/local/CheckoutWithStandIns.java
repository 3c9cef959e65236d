package com.telconova.local;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// A checkout of its own, with spaces in its path, whose three services are stand-ins; everything
/// else is the real thing. So the workbench is tested apart from what it runs.
final class CheckoutWithStandIns implements AutoCloseable {

  private final Path parent;
  private final Path root;

  CheckoutWithStandIns() throws IOException {
    var real = Checkout.find();
    parent = real.scratch("checkout");
    root = parent.resolve("a clone with spaces");
    Files.createDirectories(root.resolve(".microflow/tmp"));
    Files.createSymbolicLink(root.resolve(".microflow/cache"), real.cache());
    Files.createDirectories(root.resolve("local"));
    Files.createSymbolicLink(root.resolve("local/emulator"), real.root().resolve("local/emulator"));
    Files.createSymbolicLink(root.resolve("sql"), real.root().resolve("sql"));
    for (var service : List.of("auth", "workorder", "tracking")) {
      service(service, StandIn.class);
    }
  }

  Path root() {
    return root;
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

  @Override
  public void close() {
    // Walking does not follow links: the real cache and modules stay.
    Checkout.delete(parent);
  }
}
