package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LifelineIT {

  @Test
  void children_of_a_killed_jvm_are_stopped_newest_first() throws Exception {
    var folder = Checkout.find().scratch("lifeline");
    var jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var children = jvm.inputReader().readLine();

    jvm.destroyForcibly().waitFor();

    for (var pid : children.split(" ")) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    }
    assertThat(folder.resolve("order")).hasContent("second\nfirst");
    Checkout.delete(folder);
  }

  @Test
  void closing_stops_what_was_only_half_started_and_refuses_more() {
    var folder = Checkout.find().scratch("lifeline");
    var lifeline = Lifeline.open();
    var child = Parent.child(folder, "half", lifeline);

    lifeline.close();

    assertThat(child.isAlive()).isFalse();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> Parent.child(folder, "late", lifeline))
        .isInstanceOf(IllegalStateException.class);
    Checkout.delete(folder);
  }

  /// A JVM with two children, which waits to be killed.
  static final class Parent {
    private Parent() {}

    public static void main(String[] args) throws IOException {
      var lifeline = Lifeline.open();
      var folder = Path.of(args[0]);
      var first = child(folder, "first", lifeline);
      var second = child(folder, "second", lifeline);
      System.out.println(first.pid() + " " + second.pid() + " " + lifeline.pid());
      System.out.flush();
      System.in.read();
    }

    // Says its name when it is asked to end; it must have set its trap before anybody asks.
    static ChildProcess child(Path folder, String name, Lifeline lifeline) {
      var script =
          "trap 'echo "
              + name
              + " >> order; exit' TERM; : > "
              + name
              + ".ready; while :; do sleep 0.05; done";
      var child =
          ChildProcess.start(
              name,
              List.of("sh", "-c", script),
              folder,
              Map.of(),
              folder.resolve(name + ".log"),
              new ChildProcess.Stop("TERM", Duration.ofSeconds(5)),
              lifeline);
      await().until(() -> Files.exists(folder.resolve(name + ".ready")));
      return child;
    }
  }
}
