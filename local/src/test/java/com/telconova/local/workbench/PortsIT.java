package com.telconova.local.workbench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.testing.MissingPrerequisite;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class PortsIT {

  private static final Ports PORTS = new Ports(31_000);

  @Test
  void a_taken_port_is_named_with_its_owner_and_the_remedy() throws Exception {
    try (var _ = new ServerSocket(PORTS.api("workorder"), 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(PORTS::check)
          .isInstanceOf(MissingPrerequisite.class)
          .hasMessage(
              "Port 39082 (workorder) is taken by another program: stop it, or add"
                  + " --port-offset 100.");
    }
  }

  @Test
  void a_port_taken_on_every_address_is_noticed_too_and_all_are_named_at_once() throws Exception {
    try (var _ = new ServerSocket(PORTS.gateway());
        var _ = new ServerSocket(PORTS.admin("auth"))) {
      assertThatThrownBy(PORTS::check)
          .hasMessageContaining("39080 (gateway), 40081 (auth's metrics) are taken");
    }
  }

  @Test
  void free_ports_are_fine() {
    assertThatCode(PORTS::check).doesNotThrowAnyException();
  }

  @Test
  void an_offset_that_leads_past_the_last_port_is_refused() {
    assertThatThrownBy(() -> new Ports(60_000)).isInstanceOf(MissingPrerequisite.class);
    assertThatThrownBy(() -> new Ports(-1)).isInstanceOf(MissingPrerequisite.class);
  }
}
