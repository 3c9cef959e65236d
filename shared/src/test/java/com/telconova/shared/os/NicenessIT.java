package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class NicenessIT {
  /// proc(5): the 19th field of `stat`, the 17th behind the name in parentheses.
  private static final int NICE_BEHIND_NAME = 16;

  @Test
  void a_thread_that_gives_way_does_so_alone() throws IOException {
    int before = niceness();
    Executor thread = work -> Thread.ofPlatform().start(work);

    int lowered =
        CompletableFuture.supplyAsync(
                () -> {
                  Niceness.giveWay(10);
                  return niceness();
                },
                thread)
            .join();

    assertThat(lowered).isEqualTo(10);
    assertThat(niceness()).isEqualTo(before);
  }

  @Test
  void the_optimising_compiler_gives_way_where_there_is_one() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    var process =
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Nice.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var out = process.inputReader()) {
      assertThat(out.readAllAsString().strip()).isEqualTo("C1 0, C2 10, main 0");
    }
  }

  /// Tells how nice its compilers are.
  static final class Nice {
    public static void main(String[] args) throws IOException {
      Niceness.ofOptimisingCompiler(10);
      System.out.printf("C1 %d, C2 %d, main %d%n", of("C1 Comp"), of("C2 Comp"), niceness());
    }

    private static int of(String name) throws IOException {
      try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
        for (var task : tasks) {
          if (Files.readString(task.resolve("comm")).startsWith(name)) {
            return niceness(task);
          }
        }
      }
      return -1;
    }
  }

  private static int niceness() {
    return niceness(Path.of("/proc/thread-self"));
  }

  private static int niceness(Path task) {
    try {
      String stat = Files.readString(task.resolve("stat"));
      return Integer.parseInt(
          stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_BEHIND_NAME]);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
