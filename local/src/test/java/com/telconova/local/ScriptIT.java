package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The `microflow` script, which must say what is missing before there is any Java to say it.
final class ScriptIT {

  private static final List<String> TOOLS =
      List.of("bash", "env", "dirname", "sed", "readlink", "find", "head", "mkdir", "ps", "cat");

  private final Path folder = Checkout.find().scratch("script");

  private record Outcome(int code, String output) {}

  @AfterEach
  void clean() {
    Checkout.delete(folder);
  }

  @Test
  void help_names_every_command_and_needs_nothing() throws Exception {
    var outcome = run(bin(), "help");

    assertThat(outcome.code()).isZero();
    for (var command :
        List.of(
            "demo",
            "up",
            "smoke",
            "dlq",
            "seed",
            "load",
            "bench",
            "lab",
            "record",
            "report",
            "compose",
            "images",
            "image-root",
            "test",
            "format",
            "help")) {
      assertThat(outcome.output()).contains("./microflow " + command + " ");
    }
    assertThat(outcome.output().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void an_unknown_command_is_one_line_and_exit_code_2() throws Exception {
    var outcome = run(bin(), "dmeo");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.output())
        .isEqualTo("microflow: there is no command 'dmeo'; ./microflow help lists them.\n");
  }

  @Test
  void what_works_beside_a_running_up_says_in_one_line_that_nothing_runs() throws Exception {
    var home = Files.createDirectory(folder.resolve("a clone"));
    var script = Files.copy(Checkout.find().root().resolve("microflow"), home.resolve("microflow"));

    for (var command : List.of("smoke", "dlq", "seed", "load", "record")) {
      var outcome = run(bin("curl", "node"), script, command);

      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.output())
          .isEqualTo(
              "microflow: nothing is running in this checkout: start it with ./microflow up, in"
                  + " another terminal.\n");
    }
  }

  @Test
  void a_missing_node_or_maven_is_one_line_that_says_what_to_install() throws Exception {
    var withoutNode = run(bin("mvn"), "demo");
    var withoutMaven = run(bin("node", "npm"), "test");

    assertThat(withoutNode.code()).isEqualTo(1);
    assertThat(withoutNode.output()).startsWith("microflow: Node.js with npm is missing: install");
    assertThat(withoutNode.output()).hasLineCount(1);
    assertThat(withoutMaven.code()).isEqualTo(1);
    assertThat(withoutMaven.output()).startsWith("microflow: Maven is missing: install Maven 3.8");
    assertThat(withoutMaven.output()).hasLineCount(1);
  }

  @Test
  void an_old_maven_is_refused() throws Exception {
    var bin = bin("node", "npm");
    var mvn = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\necho 'Apache Maven 3.6.3 (x)'\n");
    assertThat(mvn.toFile().setExecutable(true)).isTrue();

    var outcome = run(bin, "test");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.output())
        .isEqualTo("microflow: Maven 3.6 is too old: install Maven 3.8 or newer.\n");
  }

  // A folder with nothing but links to these programs, to be the whole PATH.
  private Path bin(String... more) throws IOException {
    var bin = Files.createTempDirectory(folder, "bin");
    for (var tool : Stream.concat(TOOLS.stream(), Stream.of(more)).toList()) {
      for (var place : System.getenv("PATH").split(":")) {
        var program = Path.of(place, tool);
        if (Files.isExecutable(program) && !Files.exists(bin.resolve(tool))) {
          Files.createSymbolicLink(bin.resolve(tool), program);
        }
      }
    }
    return bin;
  }

  private Outcome run(Path path, String command) throws Exception {
    return run(path, Checkout.find().root().resolve("microflow"), command);
  }

  private Outcome run(Path path, Path script, String command) throws Exception {
    var builder =
        new ProcessBuilder(path.resolve("bash").toString(), script.toString(), command)
            .redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().put("PATH", path.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }
}
