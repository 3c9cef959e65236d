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

  private static int niceness() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return Integer.parseInt(
          stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE_BEHIND_NAME]);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
