package com.telconova.local.image;

import com.telconova.local.lab.Birth;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.Program;
import com.telconova.local.workbench.Rig;
import com.telconova.local.workbench.StartFailed;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes the files of the images in a folder, without Docker, and measures them: the Dockerfile
/// makes them by this, and anybody who wants to see what is in an image.
@Command(name = "image-root")
public final class ImageRootCommand implements Callable<Integer> {
  private static final List<String> MODULES =
      Stream.concat(Topology.SERVICES.stream(), Stream.of("sql")).toList();

  // Classes only: of what it notes of methods, JDK 25.0.3 crashed at the end of every third run
  // (MethodTrainingData::cleanup).
  private static final List<String> CLASSES_ONLY =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining");
  private static final int TRAININGS = 3;
  private static final Duration EXIT_TIME = Duration.ofSeconds(30);

  private final Terminal terminal;
  private final Checkout checkout = Checkout.find();

  @Parameters(arity = "0..*")
  private List<String> modules = List.of();

  @Option(names = "--out")
  private Path out = checkout.folder().resolve("image");

  @Option(names = "--base", negatable = true, defaultValue = "true", fallbackValue = "true")
  private boolean base;

  @Option(names = "--aot", negatable = true, defaultValue = "true", fallbackValue = "true")
  private boolean aot;

  @Option(names = "--starts")
  private int starts = 5;

  @Option(names = "--port-offset", converter = Plan.Offset.class)
  private OptionalInt portOffset = OptionalInt.empty();

  public ImageRootCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    var trees = trees();
    terminal.heading("Making the files of " + String.join(", ", trees.keySet()) + " below " + out);
    var runtime = out.resolve("runtime");
    terminal.step("runtime", "Java, of the modules that jdeps finds", () -> link(runtime));
    for (var tree : trees.values()) {
      terminal.step(
          tree.module(),
          "its jar, its libraries, the runtime",
          () -> {
            assemble(tree, runtime);
            return null;
          });
    }
    var services = trees.keySet().stream().filter(Topology.SERVICES::contains).toList();
    if (aot && !services.isEmpty()) {
      train(trees, services);
    }
    Checkout.delete(runtime);
    var sizes = new Table("image", "Java>", "jars>", "AOT cache>", "base>", "MB together>");
    trees.values().forEach(tree -> addSizes(sizes, tree));
    terminal.heading("Sizes, in MB of 1,000,000 bytes");
    sizes.print(terminal);
    if (starts > 0 && !services.isEmpty()) {
      measure(trees, services);
    }
    return 0;
  }

  private Map<String, ImageTree> trees() {
    var trees = new LinkedHashMap<String, ImageTree>();
    for (var module : modules.isEmpty() ? MODULES : modules) {
      if (!MODULES.contains(module)) {
        throw new StartFailed(
            "there is no image '" + module + "', but " + String.join(", ", MODULES) + ".");
      }
      trees.put(module, new ImageTree(module, out.toAbsolutePath().resolve(module)));
    }
    return trees;
  }

  // One for all: a layer that they share, pulled once by each host.
  private Void link(Path runtime) throws Exception {
    var jars = MODULES.stream().map(m -> target(m).resolve(m + ".jar")).toList();
    JavaRuntime.link(JavaRuntime.modules(jars), runtime);
    return null;
  }

  private void assemble(ImageTree tree, Path runtime) throws Exception {
    tree.assemble(target(tree.module()), checkout.root().resolve("docker/jvm.args"), runtime);
    if (base) {
      BaseFiles.add(tree.root());
    }
  }

  private Path target(String module) {
    return checkout.root().resolve(module + "/target");
  }

  private void train(Map<String, ImageTree> trees, List<String> services) throws Exception {
    for (int tries = 1; tries <= TRAININGS; tries++) {
      train(trees, services, "Training" + (tries == 1 ? "" : ", try " + tries));
      if (services.stream().allMatch(service -> trees.get(service).hasCache())) {
        for (var service : services) {
          trees.get(service).useCache();
        }
        return;
      }
    }
    throw new StartFailed("no AOT cache could be made; the services' logs are in .microflow/logs");
  }

  private void train(Map<String, ImageTree> trees, List<String> services, String heading)
      throws Exception {
    var rig = new Trees(trees);
    var missing = services.stream().filter(service -> !trees.get(service).hasCache()).toList();
    for (var service : missing) {
      var flags = new ArrayList<>(CLASSES_ONLY);
      flags.add("-XX:AOTCacheOutput=" + trees.get(service).cache().getFileName());
      rig.flags.put(service, List.copyOf(flags));
    }
    try (var bench = Workbench.start(checkout, terminal, new Plan(portOffset, 1, rig), heading)) {
      Training.run(bench, terminal);
      for (var service : missing) {
        if (!trees.get(service).hasCache()) {
          terminal.warning("the JVM of " + service + " died instead of writing its cache:");
          bench.service(service, 1).lastWords().forEach(line -> terminal.quiet("      " + line));
        }
      }
    }
  }

  private void measure(Map<String, ImageTree> trees, List<String> services) throws Exception {
    var rig = new Trees(trees);
    try (var bench =
        Workbench.start(checkout, terminal, new Plan(portOffset, 1, rig), "Measuring starts")) {
      var table = new Table("start", "AOT cache", "ready ms>", "spread>", "CPU ms>", "RSS MiB>");
      for (var service : services) {
        var without = new ArrayList<Birth>();
        var with = new ArrayList<Birth>();
        terminal.step(
            service,
            starts + " starts with and without the cache",
            () -> {
              for (int i = 0; i < starts; i++) {
                without.add(start(bench, rig, service, List.of("-XX:AOTMode=off")));
                if (aot) {
                  with.add(
                      start(
                          bench,
                          rig,
                          service,
                          List.of(
                              "-XX:AOTMode=on",
                              "-XX:AOTCache=" + trees.get(service).cache().getFileName())));
                }
              }
              return null;
            });
        addStarts(table, service, "without", without);
        if (aot) {
          addStarts(table, service, "with", with);
        }
      }
      terminal.heading("From exec to the first 200 on /health/ready, medians of " + starts);
      table.print(terminal);
    }
  }

  private static Birth start(Workbench bench, Trees rig, String service, List<String> flags)
      throws Exception {
    var running = bench.service(service, 1);
    rig.flags.put(service, flags);
    running.stop(EXIT_TIME);
    return Birth.of(running);
  }

  private static void addStarts(Table table, String service, String cache, List<Birth> births) {
    var ready = births.stream().map(Birth::ready).sorted().toList();
    table.row(
        service,
        cache,
        number(1e3 * median(ready)),
        number(1e3 * ready.getFirst()) + " to " + number(1e3 * ready.getLast()),
        number(1e3 * median(births.stream().map(Birth::cpu).sorted().toList())),
        number(median(births.stream().map(Birth::resident).sorted().toList()) / (1 << 20)));
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static void addSizes(Table table, ImageTree tree) {
    long java = ImageTree.size(tree.java());
    long cache = ImageTree.size(tree.cache());
    long jars = ImageTree.size(tree.app()) - cache;
    long all = ImageTree.size(tree.root());
    table.row(
        tree.module(),
        number(java / 1e6),
        number(jars / 1e6),
        number(cache / 1e6),
        number((all - java - jars - cache) / 1e6),
        number(all / 1e6));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }

  /// Processes of the trees, with flags that may change from one start to the next.
  private static final class Trees implements Rig {
    private final Map<String, ImageTree> trees;
    private final Map<String, List<String>> flags = new ConcurrentHashMap<>();

    Trees(Map<String, ImageTree> trees) {
      this.trees = trees;
    }

    @Override
    public Program program(String module, Program built) {
      var tree = trees.get(module);
      return tree == null ? built : tree.program();
    }

    @Override
    public List<String> flags(String service, int instance) {
      return flags.getOrDefault(service, List.of());
    }
  }
}
