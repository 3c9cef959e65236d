package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// PostgreSQL refuses to run as root, which containers often are. In a user namespace of its own
/// (`unshare -U`) it is not, and still owns root's files; where the container forbids that, it
/// becomes `nobody`, who must then be able to reach the checkout.
final class Unprivileged {

  private Unprivileged() {}

  /// What to put in front of a command that works on these existing files; mostly nothing.
  ///
  /// @param owned they are given to whoever the command then runs as
  static List<String> prefix(Path... owned) {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    if (succeeds("unshare", "-U", "true")) {
      return List.of("unshare", "-U");
    }
    var nobody =
        List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "--inh-caps=-all");
    if (succeeds(
        "setpriv",
        "--reuid=nobody",
        "--regid=65534",
        "--clear-groups",
        "test",
        "-r",
        owned[0].getParent().toString())) {
      try {
        for (var file : owned) {
          var users = file.getFileSystem().getUserPrincipalLookupService();
          Files.setOwner(file, users.lookupPrincipalByName("nobody"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return nobody;
    }
    throw new MissingPrerequisite(
        "PostgreSQL does not run as root, and here it can neither use a user namespace (unshare -U)"
            + " nor become nobody and read the checkout: run as an ordinary user.");
  }

  private static boolean succeeds(String... command) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
