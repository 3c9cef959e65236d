package com.telconova.local.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.testing.MissingPrerequisite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PortsIT {

  // Nothing of a run listens here: whoever has it has the offset, among the tests of all checkouts.
  private static ServerSocket reservation;
  private static Ports ports;

  // Past what `auto` takes, and below the ports that outgoing connections are given.
  @BeforeAll
  static void reserve() {
    for (int offset = 10_000; reservation == null; offset += 20) {
      try {
        new Ports(offset, 2).check();
        reservation = new ServerSocket(8079 + offset, 1, InetAddress.getLoopbackAddress());
        ports = new Ports(offset, 2);
      } catch (MissingPrerequisite | IOException taken) {
        // The next one.
      }
    }
  }

  @AfterAll
  static void release() throws IOException {
    reservation.close();
  }

  @Test
  void a_taken_port_is_named_with_its_owner_and_the_remedy() throws Exception {
    try (var _ = new ServerSocket(ports.api("workorder", 1), 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(ports::check)
          .isInstanceOf(MissingPrerequisite.class)
          .hasMessageMatching(
              "Port "
                  + ports.api("workorder", 1)
                  + " \\(workorder\\) is taken by another program: stop it, or use --port-offset"
                  + " \\d+, which is free\\.");
    }
  }

  @Test
  void a_port_taken_on_every_address_is_noticed_too_and_all_are_named_at_once() throws Exception {
    try (var _ = new ServerSocket(ports.gateway());
        var _ = new ServerSocket(ports.admin("auth", 2))) {
      assertThatThrownBy(ports::check)
          .hasMessageContaining(
              ports.gateway()
                  + " (gateway), "
                  + ports.admin("auth", 2)
                  + " (auth-2's metrics) are taken");
    }
  }

  @Test
  void free_ports_are_fine() {
    assertThatCode(ports::check).doesNotThrowAnyException();
  }

  @Test
  void one_instance_leaves_the_seconds_ports_to_others() throws Exception {
    try (var _ = new ServerSocket(ports.api("auth", 2), 1, InetAddress.getLoopbackAddress())) {
      assertThatCode(new Ports(ports.offset(), 1)::check).doesNotThrowAnyException();
      assertThatThrownBy(ports::check).hasMessageContaining(ports.api("auth", 2) + " (auth-2)");
    }
  }

  @Test
  void auto_passes_over_an_offset_of_which_any_port_is_taken() throws Exception {
    var first = Ports.free(2);

    try (var _ = new ServerSocket(first.api("tracking", 2), 1, InetAddress.getLoopbackAddress())) {
      var second = Ports.free(2);

      assertThat(second.offset()).isGreaterThan(first.offset());
    }
  }

  @Test
  void the_number_of_instances_is_one_or_two() {
    assertThatThrownBy(() -> new Ports(0, 0)).hasMessage("--instances takes 1 or 2.");
    assertThatThrownBy(() -> new Ports(0, 3)).hasMessage("--instances takes 1 or 2.");
  }

  @Test
  void an_offset_that_leads_past_the_last_port_is_refused() {
    assertThatThrownBy(() -> new Ports(60_000, 1)).isInstanceOf(MissingPrerequisite.class);
    assertThatThrownBy(() -> new Ports(-1, 1)).isInstanceOf(MissingPrerequisite.class);
  }
}
