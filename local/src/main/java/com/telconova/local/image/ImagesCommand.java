package com.telconova.local.image;

import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.Rig;
import com.telconova.local.workbench.StartFailed;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Builds the images with Docker, and prints what they take and how fast the services in them
/// start: with their AOT cache and without, under the limits of a task, beside the workbench's
/// database, emulator and mail.
@Command(name = "images")
public final class ImagesCommand implements Callable<Integer> {
  private static final List<String> MODULES =
      Stream.concat(Topology.SERVICES.stream(), Stream.of("sql", "gateway")).toList();
  private static final String FLAGS = "JDK_JAVA_OPTIONS";

  private final Terminal terminal;
  private final Checkout checkout = Checkout.find();

  @Parameters(arity = "0..*")
  private List<String> modules = List.of();

  @Option(names = "--build", negatable = true, defaultValue = "true", fallbackValue = "true")
  private boolean build;

  @Option(names = "--starts")
  private int starts = 5;

  @Option(names = "--port-offset", converter = Plan.Offset.class)
  private OptionalInt portOffset = OptionalInt.empty();

  @Option(names = "--docker", hidden = true)
  private String executable = "docker";

  public ImagesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// @throws StartFailed without Docker, or when an image cannot be built or does not start
  @Override
  public Integer call() throws Exception {
    var names = new LinkedHashSet<>(modules.isEmpty() ? MODULES : modules);
    for (var name : names) {
      if (!MODULES.contains(name)) {
        throw new StartFailed(
            "there is no image '" + name + "', but " + String.join(", ", MODULES) + ".");
      }
    }
    var docker = Docker.find(executable, checkout.folder().resolve("images"));
    if (build) {
      terminal.heading("Building the images; the first takes minutes, the others share its work");
      for (var name : names) {
        terminal.step(
            Docker.image(name),
            "docker/Dockerfile, SERVICE=" + name,
            () -> {
              docker.build(checkout.root(), name);
              return null;
            });
      }
    }
    sizes(docker, List.copyOf(names));
    var services = names.stream().filter(Topology.SERVICES::contains).toList();
    if (starts > 0 && !services.isEmpty()) {
      measure(docker, services);
    }
    return 0;
  }

  private void sizes(Docker docker, List<String> names) throws Exception {
    var layers = new LinkedHashMap<String, List<Layer>>();
    for (var name : names) {
      layers.put(name, Layer.of(docker, name));
    }
    var users = new HashMap<String, List<String>>();
    layers.forEach((name, own) ->
        own.forEach(layer -> users.computeIfAbsent(layer.id(), _ -> new ArrayList<>()).add(name)));
    terminal.heading("Sizes uncompressed, in MB of 1,000,000 bytes");
    var table = new Table("image", "MB>", "of which its own>", "layers>");
    layers.forEach((name, all) ->
        table.row(
            Docker.image(name),
            megabytes(all.stream()),
            megabytes(all.stream().filter(layer -> users.get(layer.id()).size() == 1)),
            all.size()));
    table.row(
        "all, on one host",
        megabytes(layers.values().stream().flatMap(List::stream).distinct()),
        "",
        users.size());
    table.print(terminal);
    terminal.heading("Layers");
    var each = new Table("MB>", "layer", "in");
    var told = new LinkedHashSet<String>();
    layers.values().stream()
        .flatMap(List::stream)
        .filter(layer -> told.add(layer.id()))
        .forEach(layer ->
            each.row(
                megabytes(Stream.of(layer)), layer.by(), String.join(", ", users.get(layer.id()))));
    each.print(terminal);
  }

  private void measure(Docker docker, List<String> services) throws Exception {
    var settings = new Captured();
    try (var bench =
        Workbench.start(
            checkout, terminal, new Plan(portOffset, 1, settings), "What the containers need")) {
      var table =
          new Table(
              "start", "AOT cache", "exec to ready ms>", "spread>", "docker start>", "RSS MiB>");
      terminal.heading("Starting containers: 256 MiB, 2 processors, read-only, user 65532");
      for (var service : services) {
        // Its port is for the container now. The others stay: workorder is not ready without auth.
        var process = bench.service(service, 1);
        process.signal("TERM");
        process.awaitEnd();
        var admin = process.adminUrl();
        var with = new ArrayList<ContainerStart>();
        var without = new ArrayList<ContainerStart>();
        terminal.step(
            service,
            starts + " starts with its cache, " + starts + " without",
            () -> {
              // Ends with an error if the cache does not fit.
              ContainerStart.of(docker, service, settings.of(service, "-XX:AOTMode=on"), admin);
              for (int i = 0; i < starts; i++) {
                with.add(ContainerStart.of(docker, service, settings.of(service, ""), admin));
                without.add(
                    ContainerStart.of(
                        docker, service, settings.of(service, "-XX:AOTMode=off"), admin));
              }
              return null;
            });
        process.restart();
        process.awaitReady();
        row(table, service, "with", with);
        row(table, service, "without", without);
      }
      terminal.heading("From exec, and docker start, to the first 200; medians of " + starts);
      table.print(terminal);
    }
  }

  private static void row(Table table, String service, String cache, List<ContainerStart> all) {
    var exec = all.stream().mapToDouble(ContainerStart::exec).sorted().toArray();
    table.row(
        service,
        cache,
        number(median(all, ContainerStart::exec)),
        number(exec[0]) + " to " + number(exec[exec.length - 1]),
        number(median(all, ContainerStart::asked)),
        number(median(all, ContainerStart::residentBytes) / (1 << 20)));
  }

  private static double median(List<ContainerStart> all, ToDoubleFunction<ContainerStart> of) {
    return all.stream().mapToDouble(of).sorted().toArray()[all.size() / 2];
  }

  private static String megabytes(Stream<Layer> layers) {
    return number(layers.mapToLong(Layer::bytes).sum() / 1e6);
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }

  /// What the workbench told each service.
  private static final class Captured implements Rig {
    private final Map<String, Map<String, String>> told = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> settings(
        String service, int instance, Map<String, String> settings) {
      told.put(service, Map.copyOf(settings));
      return settings;
    }

    Map<String, String> of(String service, String flags) {
      var settings = new HashMap<>(told.get(service));
      // Nothing else can be written to in a container.
      settings.computeIfPresent("NOTIFICATION_FILE", (_, _) -> "/tmp/messages.jsonl");
      if (!flags.isEmpty()) {
        settings.put(FLAGS, flags);
      }
      return settings;
    }
  }
}
