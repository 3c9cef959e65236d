package com.telconova.local.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.testing.MissingPrerequisite;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class PortsIT {

  /// Below the ports that outgoing connections are given.
  private static final Ports PORTS = new Ports(13_000, 2);

  @Test
  void a_taken_port_is_named_with_its_owner_and_the_remedy() throws Exception {
    try (var _ = new ServerSocket(PORTS.api("workorder", 1), 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(PORTS::check)
          .isInstanceOf(MissingPrerequisite.class)
          .hasMessageMatching(
              "Port 21082 \\(workorder\\) is taken by another program: stop it, or use"
                  + " --port-offset \\d+, which is free\\.");
    }
  }

  @Test
  void a_port_taken_on_every_address_is_noticed_too_and_all_are_named_at_once() throws Exception {
    try (var _ = new ServerSocket(PORTS.gateway());
        var _ = new ServerSocket(PORTS.admin("auth", 2))) {
      assertThatThrownBy(PORTS::check)
          .hasMessageContaining("21080 (gateway), 22091 (auth-2's metrics) are taken");
    }
  }

  @Test
  void free_ports_are_fine() {
    assertThatCode(PORTS::check).doesNotThrowAnyException();
  }

  @Test
  void one_instance_leaves_the_seconds_ports_to_others() throws Exception {
    try (var _ = new ServerSocket(PORTS.api("auth", 2), 1, InetAddress.getLoopbackAddress())) {
      assertThatCode(new Ports(13_000, 1)::check).doesNotThrowAnyException();
      assertThatThrownBy(PORTS::check).hasMessageContaining("21091 (auth-2)");
    }
  }

  @Test
  void auto_passes_over_an_offset_of_which_any_port_is_taken() throws Exception {
    var first = Ports.free(2);

    try (var _ = new ServerSocket(first.api("tracking", 2), 1, InetAddress.getLoopbackAddress())) {
      var second = Ports.free(2);

      assertThat(second.offset()).isGreaterThan(first.offset());
      assertThatCode(second::check).doesNotThrowAnyException();
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
