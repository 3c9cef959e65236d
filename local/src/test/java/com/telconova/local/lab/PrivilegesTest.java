package com.telconova.local.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.local.terminal.Recorded;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a machine lacks is said, with what the experiment would have shown.
final class PrivilegesTest {
  @TempDir private Path root;

  @Test
  void without_proc_it_is_said_that_linux_is_missing() {
    var recorded = new Recorded();
    var lacking =
        new Printer(recorded.terminal(), Language.EN).missing(new Nice(), new Machine(root));

    assertThat(lacking).isTrue();
    assertThat(recorded.text())
        .contains("Missing here", "Linux with its /proc", "What it would have shown", "1.4 %");
  }

  @Test
  void without_a_cgroup_of_its_own_it_is_said_which_controller_is_missing() throws Exception {
    proc();
    Files.writeString(root.resolve("proc/self/cgroup"), "");
    var recorded = new Recorded();
    var machine = new Machine(root);
    var printer = new Printer(recorded.terminal(), Language.ES);

    assertThat(printer.missing(new CpuLimit(), machine)).isTrue();
    assertThat(printer.missing(new Nice(), machine)).isFalse();
    assertThat(recorded.text())
        .contains("Falta aquí", "controlador cpu", "no cgroup has the controller cpu")
        .contains("Lo que habría mostrado", "50 ms");
  }

  @Test
  void of_version_2_a_cgroup_that_gives_its_children_the_controller_is_found_further_up()
      throws Exception {
    proc();
    Files.writeString(root.resolve("proc/self/cgroup"), "0::/user/shell\n");
    var mount = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.createDirectories(mount.resolve("user/shell"));
    Files.writeString(mount.resolve("cgroup.controllers"), "cpu memory\n");
    Files.writeString(mount.resolve("user/cgroup.subtree_control"), "memory\n");

    var cgroups = new Machine(root).cgroups();

    // In a tree of plain files, the folder is made and has none of the kernel's.
    assertThat(cgroups.missing("memory").orElseThrow()).contains("user/microflow-lab-");
    assertThat(mount.resolve("user")).isDirectoryNotContaining("glob:**microflow-lab-*");
  }

  @Test
  void the_list_says_what_is_missing() throws Exception {
    proc();
    var recorded = new Recorded();

    new Printer(recorded.terminal(), Language.EN).list(Experiments.all(), new Machine(root));

    assertThat(recorded.text()).contains("cpu-limit", "cgroup cpu (missing)");
    assertThat(recorded.text().lines()).allMatch(line -> line.length() <= 100);
  }

  private void proc() throws Exception {
    Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(
        root.resolve("proc/self/mountinfo"),
        "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n");
  }
}
