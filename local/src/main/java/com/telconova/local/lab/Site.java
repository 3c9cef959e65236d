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
import java.util.List;
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
  private volatile List<String> subjectFlags = List.of();
  private volatile String progress = "";

  /// @param portOffset of the services, as for `up`
  Site(Checkout checkout, Terminal terminal, Machine machine, OptionalInt portOffset) {
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
    return startInThisSession(ChildProcess.inOwnSession(command));
  }

  /// As [#start], in the session that we are in.
  Child startInThisSession(List<String> command) {
    return opened(new Child(command, errors(), lifeline));
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
    public List<String> flags(String service, int instance) {
      return service.equals(SUBJECT) && instance == SUBJECT_INSTANCE ? subjectFlags : List.of();
    }
  }

  /// Nothing more is started.
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
