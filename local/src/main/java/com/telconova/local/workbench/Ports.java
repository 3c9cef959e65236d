package com.telconova.local.workbench;

import com.telconova.shared.testing.MissingPrerequisite;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// The ports that people know by heart; everything else takes free ones. The second instance of a
/// service is ten above the first.
///
/// @param offset added to each, 0 to 56000
/// @param instances of each service, 1 or 2
public record Ports(int offset, int instances) {

  private static final int GATEWAY = 8080;
  private static final Map<String, Integer> API =
      Map.of("auth", 8081, "workorder", 8082, "tracking", 8083);
  private static final int NEXT_INSTANCE = 10;
  private static final int LAST_OFFSET = 56_000;
  // Offsets that are proposed: far enough apart for everything that one run needs. None is 0, whose
  // ports are for whoever asks for nothing else.
  private static final int STEP = 100;
  private static final int LAST_PROPOSED = 5_000;

  public Ports {
    if (offset < 0 || offset > LAST_OFFSET) {
      throw new MissingPrerequisite(
          "--port-offset takes a number from 0 to " + LAST_OFFSET + ", or auto.");
    }
    if (instances < 1 || instances > 2) {
      throw new MissingPrerequisite("--instances takes 1 or 2.");
    }
  }

  /// Those with the lowest offset, in hundreds from 100, at which all are free.
  ///
  /// @throws MissingPrerequisite when there is none up to 5000
  public static Ports free(int instances) {
    var offset = freeOffset(instances);
    if (offset.isEmpty()) {
      throw new MissingPrerequisite(
          "No offset up to "
              + LAST_PROPOSED
              + " has all its ports free: stop some programs, or give --port-offset a number.");
    }
    return new Ports(offset.getAsInt(), instances);
  }

  /// The gateway's port.
  public int gateway() {
    return GATEWAY + offset;
  }

  /// A service's API port.
  ///
  /// @param instance from 1
  public int api(String service, int instance) {
    return API.get(service) + (instance - 1) * NEXT_INSTANCE + offset;
  }

  /// A service's private port for health and metrics.
  ///
  /// @param instance from 1
  public int admin(String service, int instance) {
    return api(service, instance) + 1_000;
  }

  /// A service's API as seen from this machine.
  ///
  /// @param instance from 1
  public URI apiUrl(String service, int instance) {
    return URI.create("http://127.0.0.1:" + api(service, instance));
  }

  /// A service's health and metrics as seen from this machine.
  ///
  /// @param instance from 1
  public URI adminUrl(String service, int instance) {
    return URI.create("http://127.0.0.1:" + admin(service, instance));
  }

  /// Makes sure that all are free.
  ///
  /// @throws MissingPrerequisite naming every taken one, whose it is, and an offset that is free
  public void check() {
    var taken = new ArrayList<String>();
    needs()
        .forEach((port, whose) -> {
          if (isTaken(port)) {
            taken.add(port + " (" + whose + ")");
          }
        });
    if (!taken.isEmpty()) {
      var free = freeOffset(instances);
      throw new MissingPrerequisite(
          (taken.size() == 1 ? "Port " : "Ports ")
              + String.join(", ", taken)
              + (taken.size() == 1 ? " is" : " are")
              + " taken by another program: stop it, or use --port-offset "
              + (free.isPresent() ? free.getAsInt() + ", which is free." : "to go elsewhere."));
    }
  }

  private Map<Integer, String> needs() {
    var needs = new LinkedHashMap<Integer, String>();
    needs.put(gateway(), "gateway");
    for (int instance = 1; instance <= instances; instance++) {
      for (var service : Topology.SERVICES) {
        var label = Service.label(service, instance);
        needs.put(api(service, instance), label);
        needs.put(admin(service, instance), label + "'s metrics");
      }
    }
    return needs;
  }

  private static OptionalInt freeOffset(int instances) {
    return IntStream.iterate(STEP, o -> o <= LAST_PROPOSED, o -> o + STEP)
        .filter(o -> new Ports(o, instances).needs().keySet().stream().noneMatch(Ports::isTaken))
        .findFirst();
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
