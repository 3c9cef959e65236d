package com.telconova.local.image;

import com.telconova.local.workbench.LogTail;
import com.telconova.local.workbench.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The `docker` command.
final class Docker {
  private static final Duration QUICK = Duration.ofSeconds(60);
  private static final Duration BUILD = Duration.ofMinutes(30);

  private final String executable;
  private final Path folder;

  private Docker(String executable, Path folder) {
    this.executable = executable;
    this.folder = folder;
  }

  /// Makes sure that it is there and that its engine answers.
  ///
  /// @param folder for what it says
  /// @throws StartFailed when not, with what to do
  static Docker find(String executable, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var docker = new Docker(executable, folder);
    try {
      docker.output("version", "--format", "{{.Server.Version}}");
    } catch (StartFailed e) {
      throw new StartFailed(
          "docker is there, but its engine does not answer: start it, and see that you may use it"
              + " (docker version). It says: "
              + e.getMessage());
    } catch (IOException e) {
      throw new StartFailed(
          "docker is missing: install Docker, or measure the same files without it, by"
              + " ./microflow image-root.");
    }
    return docker;
  }

  /// What it prints.
  ///
  /// @throws StartFailed when it fails, or takes a minute, with what it said
  String output(String... arguments) throws IOException, InterruptedException {
    var out = Files.createTempFile(folder, "docker", ".out");
    var err = Files.createTempFile(folder, "docker", ".err");
    try {
      var process =
          new ProcessBuilder(command(List.of(arguments)))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      await(process, QUICK, err, arguments[0]);
      return Files.readString(out).strip();
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /// Builds one image; its output is in `<image>.log`.
  void build(Path root, String module) throws IOException, InterruptedException {
    var log = folder.resolve(module + ".log");
    var process =
        new ProcessBuilder(
                command(
                    List.of(
                        "build",
                        "--file",
                        "docker/Dockerfile",
                        "--build-arg",
                        "SERVICE=" + module,
                        "--tag",
                        image(module),
                        ".")))
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    await(process, BUILD, log, "build of " + module + " (" + log + ")");
  }

  /// Makes a container of a service, under the limits that its task has on ECS, except that it gets
  /// two processors: the start is measured, not the quota.
  ///
  /// @param settings its environment; they are not on the command line, where everybody sees them
  /// @return its id
  String create(String module, Map<String, String> settings)
      throws IOException, InterruptedException {
    var file = folder.resolve(module + ".env");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        file, settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    try {
      return output(
          "create",
          "--network=host",
          "--memory=256m",
          "--memory-swap=256m",
          "--cpus=2",
          "--pids-limit=256",
          "--read-only",
          "--tmpfs=/tmp:size=32m,mode=1777,noexec,nosuid,nodev",
          "--user=65532:65532",
          "--cap-drop=ALL",
          "--security-opt=no-new-privileges",
          "--env-file=" + file,
          image(module));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /// What an image is called.
  static String image(String module) {
    return "microflow/" + module;
  }

  private List<String> command(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(executable);
    command.addAll(arguments);
    return command;
  }

  private static void await(Process process, Duration limit, Path said, String what)
      throws IOException, InterruptedException {
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        throw new StartFailed("docker " + what + " took more than " + limit.toSeconds() + " s.");
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      var lines = LogTail.readable(Files.readAllLines(said));
      var last = lines.subList(Math.max(0, lines.size() - 5), lines.size());
      throw new StartFailed("docker " + what + " failed: " + String.join(" / ", last));
    }
  }
}
