package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The emulator's npm packages, installed below `.microflow/cache` when first needed and again when
/// their lock file changes; and a Node new enough to run them, which is itself an npm package where
/// the machine's own is older.
final class NodePackages {

  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*");
  private static final Duration INSTALL_TIME = Duration.ofMinutes(4);

  private final Checkout checkout;
  private final Lifeline lifeline;

  NodePackages(Checkout checkout, Lifeline lifeline) {
    this.checkout = checkout;
    this.lifeline = lifeline;
  }

  /// The folder with `start.mjs` and its `node_modules`.
  Path emulator() {
    return installed("emulator", List.of("package.json", "package-lock.json", "start.mjs"));
  }

  /// A `node` that has SQLite without being asked, which the emulator's package loads: from 22.13,
  /// of 23 from 23.4. (The package says 22.5; there it does not start.)
  String node() {
    if (!ChildProcess.onPath("node") || !ChildProcess.onPath("npm")) {
      throw new MissingPrerequisite(
          "Node.js with npm is not on PATH: install Node.js 20 or newer (any; a newer one that the"
              + " emulator needs is fetched by npm).");
    }
    var matcher = VERSION.matcher(version());
    if (matcher.matches()
        && isNewEnough(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))) {
      return "node";
    }
    var packages = installed("emulator/node", List.of("package.json", "package-lock.json"));
    return executable(packages.resolve("node_modules"))
        .orElseThrow(() ->
            new MissingPrerequisite(
                "Node.js is older than 22.13 and npm has none for this machine: install Node.js 24"
                    + " or newer."))
        .toString();
  }

  /// In the package itself: npm 9 links no executables where it runs no scripts.
  private static Optional<Path> executable(Path modules) {
    try (var packages = Files.newDirectoryStream(modules, "node-*")) {
      for (var one : packages) {
        var node = one.resolve("bin/node");
        if (Files.exists(node) && (Files.isExecutable(node) || node.toFile().setExecutable(true))) {
          return Optional.of(node);
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isNewEnough(int major, int minor) {
    return switch (major) {
      case 22 -> minor >= 13;
      case 23 -> minor >= 4;
      default -> major > 23;
    };
  }

  // Several test JVMs may come here at once: one installs, under a lock, the others wait.
  private Path installed(String name, List<String> files) {
    synchronized (NodePackages.class) {
      var source = checkout.root().resolve("local").resolve(name);
      var folder = checkout.cache().resolve(name.replace('/', '-'));
      var stamp = folder.resolve("installed");
      try {
        Files.createDirectories(folder);
        try (var channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          channel.lock(); // until the channel closes
          var wanted = Files.readString(source.resolve("package-lock.json"));
          for (var file : files) {
            Files.copy(
                source.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
          }
          if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
            Files.deleteIfExists(stamp);
            install(folder);
            Files.writeString(stamp, wanted);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return folder;
    }
  }

  private void install(Path folder) {
    var command = List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    var log = folder.resolve("install.log");
    var stop = new ChildProcess.Stop("TERM", Duration.ofSeconds(2));
    // npm's settings may be in the environment, so it gets all of ours.
    try (var npm =
        ChildProcess.start("npm", command, folder, System.getenv(), log, stop, lifeline)) {
      if (npm.await(INSTALL_TIME) != 0) {
        throw new MissingPrerequisite(
            "npm could not install the emulator's packages; is its registry reachable? See " + log);
      }
    }
  }

  private static String version() {
    try {
      var process = new ProcessBuilder("node", "--version").start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
