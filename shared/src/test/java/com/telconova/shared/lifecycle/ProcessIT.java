package com.telconova.shared.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessIT {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cannot  | fixture cannot start. The port is taken: set HTTP_PORT.
          invalid | HTTP_PORT is 'x'; it takes a whole number from 0 to 65535
          bug     | fixture cannot start
          error   | fixture cannot start
          """)
  void who_cannot_start_says_why_and_exits_with_1_whatever_other_threads_do(String how, String said)
      throws Exception {
    java.lang.Process process = start(how);

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(output).contains(said);
    assertThat(output.lines()).hasSize(1);
    assertThat(output.contains("stepArray"))
        .isEqualTo(!how.equals("cannot") && !how.equals("invalid"));
  }

  @Test
  void sigterm_stops_in_order_before_the_process_ends() throws Exception {
    java.lang.Process process = start("run");
    var lines = process.inputReader();
    assertThat(lines.readLine()).contains("fixture is ready");

    process.toHandle().destroy(); // Process.destroy would close its output, too

    assertThat(lines.lines().toList()).anyMatch(line -> line.contains("stopped by close"));
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
  }

  private static java.lang.Process start(String how) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Fixture.class.getName(),
            how)
        .redirectErrorStream(true)
        .start();
  }

  /// A service that starts in as many ways as there are to fail.
  static final class Fixture {
    private Fixture() {}

    public static void main(String[] args) {
      Process.run(
          "fixture",
          (_, _) -> {
            // what a half-started service leaves running
            Thread.ofPlatform().start(Fixture::waitForEver);
            switch (args[0]) {
              case "cannot" ->
                  throw new CannotStart("The port is taken: set HTTP_PORT.", new IOException());
              case "invalid" -> {
                Settings settings = Settings.of(java.util.Map.of("HTTP_PORT", "x"));
                settings.port("HTTP_PORT", 1);
                settings.check();
              }
              case "bug" -> throw new IllegalStateException("a bug");
              case "error" -> throw new NoClassDefFoundError("a missing class");
              default -> {}
            }
            return () -> System.out.println("stopped by close");
          });
    }

    private static void waitForEver() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
