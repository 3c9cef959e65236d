package com.telconova.local.bench;

import com.telconova.local.image.ImageTrees;
import com.telconova.local.workbench.Program;
import com.telconova.local.workbench.Rig;
import com.telconova.shared.testing.Topology;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How each service is started next: from its image, with or without what is measured.
final class Knobs implements Rig {
  private final Optional<ImageTrees> images;
  private final Map<String, Setup> setups = new ConcurrentHashMap<>();

  /// What is different from as it is shipped.
  ///
  /// @param recording whether its recording is on
  /// @param cached whether it starts from its AOT cache
  /// @param events where its events go; empty for the emulator
  /// @param flags of its JVM, behind the usual ones
  record Setup(boolean recording, boolean cached, Optional<URI> events, List<String> flags) {
    static final Setup SHIPPED = new Setup(true, true, Optional.empty(), List.of());

    Setup withoutRecording() {
      return new Setup(false, cached, events, flags);
    }

    Setup withoutCache() {
      return new Setup(recording, false, events, flags);
    }

    Setup withEventsTo(URI other) {
      return new Setup(recording, cached, Optional.of(other), flags);
    }

    Setup with(String... others) {
      return new Setup(recording, cached, events, List.of(others));
    }
  }

  /// @param images empty to run what the build left
  Knobs(Optional<ImageTrees> images) {
    this.images = images;
  }

  void set(String service, Setup setup) {
    setups.put(service, setup);
  }

  Setup of(String service) {
    return setups.getOrDefault(service, Setup.SHIPPED);
  }

  @Override
  public Program program(String module, Program built) {
    return Topology.SERVICES.contains(module) && images.isPresent()
        ? images.get().program(module)
        : built;
  }

  @Override
  public List<String> flags(String service, int instance) {
    var setup = of(service);
    var flags = new java.util.ArrayList<>(setup.flags());
    images.ifPresent(
        trees -> flags.addAll(setup.cached() ? trees.cached(service) : List.of("-XX:AOTMode=off")));
    return flags;
  }

  @Override
  public Map<String, String> settings(String service, int instance, Map<String, String> settings) {
    var setup = of(service);
    var changed = new HashMap<>(settings);
    changed.put("JFR_RECORDING", setup.recording() ? "on" : "off");
    setup
        .events()
        .ifPresent(url -> {
          changed.put("AWS_ENDPOINT_URL", url.toString());
          changed.computeIfPresent("QUEUE_URL", (_, queue) -> url + URI.create(queue).getPath());
        });
    return changed;
  }
}
