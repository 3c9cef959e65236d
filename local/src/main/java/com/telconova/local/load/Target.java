package com.telconova.local.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A running system, and how to get in.
///
/// @param way what the requests go through, in words
/// @param addresses where the requests of a service (auth, workorder, tracking) go, one or more for
///   each, in turn
/// @param preparation where people and orders are made beforehand: the first instance of each
///   service, so that no throttle of a gateway counts it
/// @param apiKey what the gateway asks for, if it does
/// @param adminEmail of an administrator, who makes the people
/// @param processes those whose cost is told
public record Target(
    String way,
    Map<String, List<URI>> addresses,
    Map<String, URI> preparation,
    Optional<String> apiKey,
    String adminEmail,
    String adminPassword,
    List<Watched> processes) {

  private static final List<String> SERVICES = List.of("auth", "workorder", "tracking");

  public Target {
    addresses = Map.copyOf(addresses);
    preparation = Map.copyOf(preparation);
    processes = List.copyOf(processes);
  }

  /// A process that takes part.
  ///
  /// @param name for people
  /// @param tree whether its descendants count too, as PostgreSQL's do
  /// @param admin where `/metrics` is, if it has such
  public record Watched(String name, long pid, boolean tree, Optional<URI> admin) {}

  /// What a running `up` says of itself.
  ///
  /// @param run its `run.json`
  /// @param viaGateway else straight to the services' own ports
  public static Target ofRun(JsonNode run, boolean viaGateway) {
    var gateway = URI.create(run.path("gateway").asText());
    var direct = new LinkedHashMap<String, List<URI>>();
    var first = new LinkedHashMap<String, URI>();
    var watched = new ArrayList<Watched>();
    for (var service : SERVICES) {
      var instances = run.path("processes").path(service).path("instances");
      var urls = new ArrayList<URI>();
      for (var instance : instances) {
        urls.add(URI.create(instance.path("url").asText()));
        watched.add(
            new Watched(
                urls.size() == 1 ? service : service + "-" + urls.size(),
                instance.path("pid").asLong(),
                false,
                Optional.of(URI.create(instance.path("adminUrl").asText()))));
      }
      direct.put(service, List.copyOf(urls));
      first.put(service, urls.getFirst());
    }
    for (var other : run.path("beside").properties()) {
      var postgres = other.getKey().equals("PostgreSQL");
      watched.add(
          new Watched(other.getKey(), other.getValue().asLong(), postgres, Optional.empty()));
    }
    var door = new LinkedHashMap<String, List<URI>>();
    SERVICES.forEach(service -> door.put(service, List.of(gateway)));
    Function<String, String> admin =
        field -> run.path("credentials").path("admin").path(field).asText();
    return new Target(
        viaGateway ? "through the gateway" : "straight to the services",
        viaGateway ? door : direct,
        first,
        Optional.ofNullable(run.path("apiKey").textValue()),
        admin.apply("email"),
        admin.apply("password"),
        watched);
  }

  /// The addresses that are not this machine's own.
  List<URI> remote() {
    return java.util.stream.Stream.concat(
            addresses.values().stream().flatMap(List::stream), preparation.values().stream())
        .filter(uri -> !isLoopback(uri.getHost()))
        .distinct()
        .toList();
  }

  // By name, not by look-up: what a name server says is no promise.
  private static boolean isLoopback(String host) {
    return host != null
        && (host.equals("localhost")
            || host.equals("[::1]")
            || host.matches("127(\\.\\d{1,3}){3}"));
  }
}
