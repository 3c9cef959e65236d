package com.telconova.local.gateway;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The instances of one service. Requests go in turn to those that are ready; while none is, to any
/// of them, as AWS's load balancer does: a guess is better than a refusal. Thread-safe.
public final class Backend {

  private final List<Instance> instances;
  private final Set<Instance> ready = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();

  /// One process.
  ///
  /// @param api where it takes requests, without a trailing slash
  /// @param admin where it says whether it is ready, without a trailing slash
  public record Instance(URI api, URI admin) {}

  /// @param instances one or more; nobody is ready yet
  public Backend(List<Instance> instances) {
    this.instances = List.copyOf(instances);
  }

  /// All of them, ready or not.
  List<Instance> instances() {
    return instances;
  }

  /// Whose turn it is.
  Instance next() {
    return nextOf(instances).orElseThrow();
  }

  /// Whose turn it is among the others; empty when there is no other.
  Optional<Instance> nextBut(Instance refused) {
    return nextOf(instances.stream().filter(i -> !i.equals(refused)).toList());
  }

  /// From now on it gets requests.
  void putIn(Instance instance) {
    ready.add(instance);
  }

  /// From now on it gets none while another is ready.
  void takeOut(Instance instance) {
    ready.remove(instance);
  }

  private Optional<Instance> nextOf(List<Instance> some) {
    var candidates = some.stream().filter(ready::contains).toList();
    if (candidates.isEmpty()) {
      candidates = some;
    }
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size())));
  }
}
