package com.telconova.local.workbench;

import com.telconova.local.api.Client;
import com.telconova.local.gateway.Backend;
import com.telconova.local.gateway.Backend.Instance;
import com.telconova.local.gateway.Gateway;
import com.telconova.local.gateway.Routes;
import com.telconova.local.mail.MailServer;
import com.telconova.local.mail.MessageFile;
import com.telconova.local.terminal.Terminal;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.ChildProcess;
import com.telconova.shared.testing.Emulator;
import com.telconova.shared.testing.Lifeline;
import com.telconova.shared.testing.PostgresServer;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/// The whole system on this machine. Whatever opens is closed in reverse order when the workbench
/// closes, which it also does by itself on Ctrl-C and SIGTERM, be it half started.
public final class Workbench implements AutoCloseable {

  private static final Duration SERVICE_GRACE = Duration.ofSeconds(20);
  // A stream without events has a comment each 15 s; two may be lost to a busy machine.
  private static final Duration SILENCE = Duration.ofSeconds(50);
  private static final int MAX_TRIES = 10;
  private static final Map<String, String> ABOUT =
      Map.of(
          "auth", "accounts, passwords, sessions, tokens",
          "workorder", "orders, their states, who does them",
          "tracking", "timeline, evidence, notifications");

  private final Checkout checkout;
  private final Terminal terminal;
  private final Plan plan;
  private final Topology topology = Topology.standard();
  private final List<Service> services = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread signalHandler = new Thread(this::closeOnSignal, "stop");
  private boolean closing;

  private Ports ports;
  private PostgresServer postgres;
  private ServiceEnvironment environment;
  private Emulator emulator;
  private MailServer mail;
  private MessageFile messages;
  private Gateway gateway;
  private JavaProcess java;

  private Workbench(Checkout checkout, Terminal terminal, Plan plan) {
    this.checkout = checkout;
    this.terminal = terminal;
    this.plan = plan;
  }

  /// Starts everything and waits until it serves.
  ///
  /// @throws com.telconova.shared.testing.MissingPrerequisite when a person has to do something
  ///   first
  /// @throws StartFailed when a part does not start
  /// @throws Stopping when Ctrl-C came first
  public static Workbench start(Checkout checkout, Terminal terminal, Plan plan) throws Exception {
    return start(checkout, terminal, plan, "Starting, " + plan.instances() + " of each service");
  }

  /// As the other, under this heading: whoever has read it may press Ctrl-C.
  public static Workbench start(Checkout checkout, Terminal terminal, Plan plan, String heading)
      throws Exception {
    var bench = new Workbench(checkout, terminal, plan);
    Runtime.getRuntime().addShutdownHook(bench.signalHandler);
    terminal.heading(heading);
    try {
      bench.startAll();
      return bench;
    } catch (Exception e) {
      var stopped = bench.isClosing();
      bench.close();
      throw stopped ? new Stopping(e) : e;
    }
  }

  private void startAll() throws Exception {
    opened(RunLock.take(checkout.folder().resolve("lock")));
    var leftovers =
        new Leftovers(checkout.folder().resolve("children"), checkout.root().toString());
    leftovers.stop(terminal);
    ports = plan.ports();
    // A process that was killed leaves its recording there.
    opened(() -> emptied("tmp"));
    opened(leftovers);
    var logs = emptied("logs");
    emptied("tmp");
    var run = emptied("run");
    opened(() -> Checkout.delete(run));
    var lifeline = opened(Lifeline.open());
    java = new JavaProcess(checkout, logs, leftovers, lifeline);

    gateway =
        step(
            "gateway", "the one door: sends each path to its service", () -> opened(openGateway()));
    postgres =
        step(
            "PostgreSQL 18",
            "the database: a schema and a role for each service",
            () ->
                opened(
                    PostgresServer.start(
                        checkout,
                        run.resolve("postgres"),
                        PostgresServer.Durability.COMMITS_ARE_KEPT,
                        lifeline)));
    leftovers.add(postgres.pid(), "PostgreSQL");
    environment = new ServiceEnvironment(ports, postgres, gateway.inside());
    step(
        "migrations",
        "sql: makes the tables of auth, workorder and tracking",
        () ->
            migrate(
                java.start(
                    program("sql"),
                    "sql",
                    environment.migrations(),
                    List.of(),
                    Duration.ofSeconds(5))));
    mail =
        step(
            "mail", "GreenMail: takes mail by SMTP and keeps it", () -> opened(MailServer.start()));
    messages = new MessageFile(run.resolve("messages.jsonl"));
    emulator =
        step(
            "SNS, SQS, S3",
            "fauxqs: a topic and a queue for each service, a bucket",
            () -> {
              var started = Emulator.start(checkout, logs.resolve("emulator.log"), lifeline);
              leftovers.add(started.pid(), "emulator");
              opened(started).create(topology);
              return started;
            });

    // One after another, so that the time beside each is its own and two cores are not fought over
    // by three starting JVMs; they stop side by side.
    opened(() -> closeAll(services));
    for (var name : Topology.SERVICES) {
      for (int number = 1; number <= ports.instances(); number++) {
        start(name, number);
      }
    }
  }

  /// Starts one more instance of a service and waits until it serves. The gateway does not know it,
  /// unless it is one of those planned.
  ///
  /// @param instance from 1; its ports must be free
  public Service start(String service, int instance) throws Exception {
    var label = Service.label(service, instance);
    return step(
        label,
        ABOUT.get(service),
        () -> {
          services.add(new Service(service, instance, ports, () -> launch(service, instance)));
          return ready(services.getLast());
        });
  }

  private ChildProcess launch(String service, int instance) {
    var settings = environment.of(service, instance, emulator, topology, mail, messages);
    return java.start(
        program(service),
        Service.label(service, instance),
        plan.rig().settings(service, instance, settings),
        plan.rig().flags(service, instance),
        SERVICE_GRACE);
  }

  private Program program(String module) {
    return plan.rig().program(module, java.built(module));
  }

  /// The database server.
  public PostgresServer postgres() {
    return postgres;
  }

  /// The settings and secrets of this run.
  public ServiceEnvironment environment() {
    return environment;
  }

  /// SNS, SQS and S3.
  public Emulator emulator() {
    return emulator;
  }

  /// The mail server.
  public MailServer mail() {
    return mail;
  }

  /// The SMS and push messages.
  public MessageFile messages() {
    return messages;
  }

  /// The gateway.
  public Gateway gateway() {
    return gateway;
  }

  /// A client of the API, at the gateway, with the key that it asks for; the caller closes it.
  public Client api() {
    return new Client(gateway.uri(), plan.terms().key());
  }

  /// The key that the gateway asks for, if it does.
  public Optional<String> apiKey() {
    return plan.terms().key();
  }

  /// Every instance of the three services, in the order in which they were started first:
  /// [Topology#SERVICES].
  public List<Service> services() {
    return List.copyOf(services);
  }

  /// An instance of a service.
  ///
  /// @param instance from 1
  public Service service(String name, int instance) {
    return services.stream()
        .filter(s -> s.label().equals(Service.label(name, instance)))
        .findFirst()
        .orElseThrow();
  }

  /// The topics and queues.
  public Topology topology() {
    return topology;
  }

  /// The ports of this run.
  public Ports ports() {
    return ports;
  }

  /// Waits until something has ended that nobody starts again: PostgreSQL or the emulator.
  ///
  /// @return its name
  public String awaitLoss() {
    var postgresEnd = ended(postgres.pid(), "PostgreSQL");
    var emulatorEnd = ended(emulator.pid(), "the emulator of SNS, SQS and S3");
    return (String) CompletableFuture.anyOf(postgresEnd, emulatorEnd).join();
  }

  /// Takes over the duty to close `resource`.
  ///
  /// @throws Stopping if everything is being closed already; then `resource` is closed too
  public <T extends AutoCloseable> T opened(T resource) throws Exception {
    synchronized (open) {
      if (!closing) {
        open.push(resource);
        return resource;
      }
    }
    resource.close();
    throw new Stopping(null);
  }

  /// Whether everything is being stopped.
  public boolean isClosing() {
    synchronized (open) {
      return closing;
    }
  }

  /// Stops everything, last started first; a second caller waits for the first.
  @Override
  public synchronized void close() {
    synchronized (open) {
      closing = true;
    }
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        terminal.warning("could not be stopped in order: " + e);
      }
    }
    if (Thread.currentThread() != signalHandler) {
      try {
        Runtime.getRuntime().removeShutdownHook(signalHandler);
      } catch (IllegalStateException alreadyShuttingDown) {
        // The handler finds nothing left to do.
      }
    }
  }

  private void closeOnSignal() {
    terminal.onlyThisThread();
    terminal.line("");
    terminal.line("  stopping: services, queues, mail, database, gateway");
    close();
    terminal.line("  stopped; nothing is left running");
  }

  // It opens first and closes last: whoever has the gateway's port keeps every other run, even one
  // that starts at the same moment, off the ports that go with it.
  private Gateway openGateway() {
    for (int tries = 1; ; tries++) {
      try {
        return Gateway.start(ports.gateway(), routes(), plan.terms(), SILENCE);
      } catch (IllegalStateException taken) {
        if (tries == MAX_TRIES) {
          throw taken;
        }
        ports = plan.ports();
      }
    }
  }

  private <T> T step(String name, String about, Callable<T> work) throws Exception {
    return terminal.step(name, about, work);
  }

  private Void migrate(ChildProcess process) throws Exception {
    opened(process);
    if (process.await(Duration.ofSeconds(60)) != 0) {
      LogTail.readable(process.lastLines(8)).forEach(l -> terminal.quiet("      " + l));
      throw new StartFailed("the migrations failed; their log is " + process.log());
    }
    return null;
  }

  private Service ready(Service service) {
    try {
      service.awaitReady();
    } catch (StartFailed e) {
      if (!isClosing()) {
        service.lastWords().forEach(l -> terminal.quiet("      " + l));
      }
      throw e;
    }
    return service;
  }

  private Routes routes() {
    return new Routes(backend("auth"), backend("workorder"), backend("tracking"));
  }

  private Backend backend(String service) {
    return new Backend(
        IntStream.rangeClosed(1, ports.instances())
            .mapToObj(i -> new Instance(ports.apiUrl(service, i), ports.adminUrl(service, i)))
            .toList());
  }

  private static CompletableFuture<String> ended(long pid, String name) {
    return ProcessHandle.of(pid)
        .map(process -> process.onExit().thenApply(_ -> name))
        .orElse(CompletableFuture.completedFuture(name));
  }

  private Path emptied(String name) {
    var folder = checkout.folder().resolve(name);
    Checkout.delete(folder);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeAll(List<Service> services) throws InterruptedException {
    var threads = services.stream().map(s -> Thread.ofVirtual().start(s::close)).toList();
    for (var thread : threads) {
      thread.join();
    }
  }
}
