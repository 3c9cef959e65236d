package com.telconova.local.lab;

import com.telconova.local.api.Client;
import com.telconova.local.people.People;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.workbench.Plan;
import com.telconova.local.workbench.Rig;
import com.telconova.local.workbench.Service;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.ChildProcess;
import com.telconova.shared.testing.Lifeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Where experiments run: starts what they need, and takes all of it away again, on Ctrl-C and
/// SIGTERM too. The services are started when the first experiment asks for them.
final class Site implements AutoCloseable {
  /// The one that is measured, limited and killed; the gateway does not know it.
  static final String SUBJECT = "workorder";

  private static final int SUBJECT_INSTANCE = 2;
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--add-exports=java.management/sun.management=ALL-UNNAMED");

  private final Checkout checkout;
  private final Terminal terminal;
  private final Machine machine;
  private final OptionalInt portOffset;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread signalHandler = new Thread(this::closeOnSignal, "stop-lab");
  private final Lifeline lifeline = Lifeline.open();
  private boolean closing;
  private Path folder;
  private Workbench bench;
  private People people;
  private Service subject;
  private final List<String> serviceFlags;
  private volatile List<String> subjectFlags = List.of();
  private volatile Map<String, String> subjectSettings = Map.of();
  private volatile String progress = "";

  /// @param portOffset of the services, as for `up`
  /// @param serviceFlags for the JVMs of the services, beside the usual ones
  Site(
      Checkout checkout,
      Terminal terminal,
      Machine machine,
      OptionalInt portOffset,
      List<String> serviceFlags) {
    this.serviceFlags = List.copyOf(serviceFlags);
    this.checkout = checkout;
    this.terminal = terminal;
    this.machine = machine;
    this.portOffset = portOffset;
    Runtime.getRuntime().addShutdownHook(signalHandler);
  }

  Machine machine() {
    return machine;
  }

  /// Starts one of our small programs in a JVM of its own, in a session of its own.
  ///
  /// @param flags of its JVM, beside the usual ones
  Child start(Class<?> program, List<String> flags, Object... arguments) {
    return start(command(program, flags, arguments));
  }

  /// As the other, with something in front of the [#command].
  Child start(List<String> command) {
    return start(command, Map.of());
  }

  /// As the other, with this added to its environment.
  Child start(List<String> command, Map<String, String> environment) {
    return opened(new Child(ChildProcess.inOwnSession(command), environment, errors(), lifeline));
  }

  /// As [#start], in the session that we are in.
  Child startInThisSession(List<String> command) {
    return opened(new Child(command, Map.of(), errors(), lifeline));
  }

  /// How [#start] would start it.
  List<String> command(Class<?> program, List<String> flags, Object... arguments) {
    var command = new ArrayList<String>();
    command.add(java());
    command.addAll(FLAGS);
    command.addAll(flags);
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.addAll(List.of("-cp", checkout.root().resolve("local/target/local.jar").toString()));
    command.add(program.getName());
    for (var argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /// The JVM we run on.
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin/java").toString();
  }

  /// A cgroup with this controller.
  Cgroups.Group cgroup(String controller) throws IOException {
    return opened(machine.cgroups().make(controller));
  }

  /// A folder for what an experiment writes; gone when the site closes.
  synchronized Path folder() throws IOException {
    if (folder == null) {
      // Not in the folder for temporary files: a starting workbench empties that.
      folder = checkout.folder().resolve("lab");
      Checkout.delete(folder);
      Files.createDirectories(folder);
    }
    return folder;
  }

  /// The three services, which are started if they do not run yet.
  synchronized Workbench bench() throws Exception {
    if (bench == null) {
      bench = Workbench.start(checkout, terminal, new Plan(portOffset, 1, new SubjectRig()));
      people = People.with(bench.environment());
      try (var api = new Client(bench.gateway().uri())) {
        people.register(api);
      }
    }
    return bench;
  }

  /// Four people with accounts.
  synchronized People people() throws Exception {
    bench();
    return people;
  }

  /// One more process of workorder, ready, that an experiment may do anything to.
  synchronized Service subject() throws Exception {
    if (subject == null) {
      bench();
      subject = bench.start(SUBJECT, SUBJECT_INSTANCE);
    } else if (!subject.isAlive()) {
      subject.restart();
      subject.awaitReady();
    }
    return subject;
  }

  /// Flags for the JVM of [#subject] from its next start on.
  void subjectFlags(List<String> flags) {
    subjectFlags = List.copyOf(flags);
  }

  /// Settings of [#subject] from its next start on, beside the usual ones.
  void subjectSettings(Map<String, String> settings) {
    subjectSettings = Map.copyOf(settings);
  }

  /// A new process in place of [#subject]'s, ready.
  Service restartedSubject() throws Exception {
    endSubject();
    return subject();
  }

  /// Kills [#subject]'s process; the next who asks for it has a new one.
  synchronized void endSubject() throws InterruptedException {
    if (subject != null && subject.isAlive()) {
      subject.signal("KILL");
      subject.awaitEnd();
    }
  }

  /// Says how far an experiment is.
  void progress(String text) {
    progress = text;
  }

  String progress() {
    return progress;
  }

  /// Takes over the duty to close something.
  <T extends AutoCloseable> T opened(T resource) {
    synchronized (open) {
      if (!closing) {
        open.push(resource);
        return resource;
      }
    }
    quietly(resource);
    throw new Stopped();
  }

  /// Closes what an experiment opened and did not close; the services stay.
  void tidy() {
    while (true) {
      AutoCloseable next;
      synchronized (open) {
        next = open.poll();
      }
      if (next == null) {
        break;
      }
      quietly(next);
    }
  }

  boolean isClosing() {
    synchronized (open) {
      return closing || bench != null && bench.isClosing();
    }
  }

  @Override
  public void close() {
    synchronized (open) {
      closing = true;
    }
    tidy();
    if (bench != null) {
      bench.close();
    }
    lifeline.close();
    Checkout.delete(checkout.folder().resolve("lab"));
    if (Thread.currentThread() != signalHandler) {
      try {
        Runtime.getRuntime().removeShutdownHook(signalHandler);
      } catch (IllegalStateException alreadyShuttingDown) {
        // The handler finds nothing left to do.
      }
    }
  }

  // The workbench, if there is one, has a handler of its own that says so.
  private void closeOnSignal() {
    boolean alone = bench == null;
    if (alone) {
      terminal.onlyThisThread();
      terminal.line("");
    }
    close();
    if (alone) {
      terminal.line("  stopped; nothing is left running");
    }
  }

  private Path errors() {
    try {
      return folder().resolve("errors.log");
    } catch (IOException e) {
      throw new StepFailed("nothing can be written to " + checkout.folder() + ": " + e);
    }
  }

  private void quietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      terminal.warning("could not be taken away: " + e);
    }
  }

  /// Only the subject starts otherwise than it would.
  private final class SubjectRig implements Rig {
    @Override
    public Map<String, String> settings(
        String service, int instance, Map<String, String> settings) {
      if (!service.equals(SUBJECT) || instance != SUBJECT_INSTANCE) {
        return settings;
      }
      var all = new HashMap<>(settings);
      all.putAll(subjectSettings);
      return all;
    }

    @Override
    public List<String> flags(String service, int instance) {
      var flags = new ArrayList<String>(serviceFlags);
      if (service.equals(SUBJECT) && instance == SUBJECT_INSTANCE) {
        flags.addAll(subjectFlags);
      }
      return flags;
    }
  }

  /// Nothing more is started.
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
