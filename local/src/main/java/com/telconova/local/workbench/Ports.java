package com.telconova.local.workbench;

import com.telconova.shared.testing.MissingPrerequisite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The ports that people know by heart; everything else takes free ones.
///
/// @param offset added to each, 0 to 56000
public record Ports(int offset) {

  private static final int GATEWAY = 8080;
  private static final Map<String, Integer> API =
      Map.of("auth", 8081, "workorder", 8082, "tracking", 8083);

  public Ports {
    if (offset < 0 || offset > 56_000) {
      throw new MissingPrerequisite("--port-offset takes a number from 0 to 56000.");
    }
  }

  /// The gateway's port.
  public int gateway() {
    return GATEWAY + offset;
  }

  /// A service's API port.
  public int api(String service) {
    return API.get(service) + offset;
  }

  /// A service's private port for health and metrics.
  public int admin(String service) {
    return api(service) + 1_000;
  }

  /// A service's API as seen from this machine.
  public URI apiUrl(String service) {
    return URI.create("http://127.0.0.1:" + api(service));
  }

  /// A service's health and metrics as seen from this machine.
  public URI adminUrl(String service) {
    return URI.create("http://127.0.0.1:" + admin(service));
  }

  /// Makes sure that all are free.
  ///
  /// @throws MissingPrerequisite naming every taken one, whose it is, and what to do
  public void check() {
    var needs = new LinkedHashMap<Integer, String>();
    needs.put(gateway(), "gateway");
    for (var service : List.of("auth", "workorder", "tracking")) {
      needs.put(api(service), service);
      needs.put(admin(service), service + "'s metrics");
    }
    var taken = new ArrayList<String>();
    needs.forEach((port, whose) -> {
      if (isTaken(port)) {
        taken.add(port + " (" + whose + ")");
      }
    });
    if (!taken.isEmpty()) {
      throw new MissingPrerequisite(
          (taken.size() == 1 ? "Port " : "Ports ")
              + String.join(", ", taken)
              + (taken.size() == 1 ? " is" : " are")
              + " taken by another program: stop it, or add --port-offset 100.");
    }
  }

  // Asked in both ways: macOS lets one bind 127.0.0.1 beside somebody who holds every address.
  private static boolean isTaken(int port) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (var server = new ServerSocket()) {
      server.setReuseAddress(true);
      server.bind(address);
    } catch (IOException e) {
      return true;
    }
    try (var socket = new Socket()) {
      socket.connect(address, 200);
      return true;
    } catch (IOException nobodyAnswers) {
      return false;
    }
  }
}
