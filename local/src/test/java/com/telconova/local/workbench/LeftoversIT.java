package com.telconova.local.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.local.terminal.Terminal;
import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class LeftoversIT {

  @Test
  void what_a_killed_run_left_is_stopped_and_a_reused_pid_is_not() throws Exception {
    var folder = Checkout.find().scratch("leftovers");
    var ours = new ProcessBuilder("sh", "-c", "sleep 600; : " + folder).start();
    var stranger = new ProcessBuilder("sh", "-c", "sleep 600; : somebody else").start();
    var file = folder.resolve("children");
    Files.writeString(file, ours.pid() + " auth\n" + stranger.pid() + " tracking\n1 init\n");

    new Leftovers(file, folder.toString()).stop(Terminal.standard());

    assertThat(ours.isAlive()).isFalse();
    assertThat(stranger.isAlive()).isTrue();
    assertThat(file).doesNotExist();
    stranger.descendants().forEach(ProcessHandle::destroyForcibly);
    stranger.destroyForcibly();
    Checkout.delete(folder);
  }
}
