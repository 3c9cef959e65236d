package com.telconova.local.dlq;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.up.RunFile;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Secret;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The dead letters of a running `up`: lists them, shows them whole, moves them back. Ctrl-C puts
/// back what a command holds.
@Command(
    name = "dlq",
    subcommands = {DlqCommand.Listing.class, DlqCommand.Show.class, DlqCommand.Redrive.class})
public final class DlqCommand implements Callable<Integer> {

  private static final int LISTED = 100;
  private static final int SHOWN = 10;

  private final Terminal terminal;

  @Parameters(arity = "0..1", converter = ServiceName.class)
  private String service;

  public DlqCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    return list(terminal, service);
  }

  private static int list(Terminal terminal, String service) throws Exception {
    for (var name : service == null ? Topology.SERVICES : List.of(service)) {
      with(
          terminal,
          name,
          queue -> {
            int count = queue.count();
            var letters = queue.list(LISTED);
            print(terminal, name, count, letters);
            return null;
          });
    }
    return 0;
  }

  private static void print(Terminal terminal, String name, int count, List<DeadLetter> letters) {
    terminal.heading(name + (count == 0 ? ": no dead letters" : ": " + count + " dead"));
    if (letters.isEmpty()) {
      return;
    }
    var table = new Table("type", "id", "receives>", "age>");
    for (var letter : letters) {
      var type = terminal.cut(letter.type(), 36);
      table.row(type, letter.id(), letter.receives(), age(letter.sent()));
    }
    table.print(terminal);
    for (var letter : letters) {
      terminal.quiet("  " + terminal.cut(letter.id() + ": " + letter.line(), 96));
    }
    if (letters.size() == LISTED) {
      terminal.quiet("  The first " + LISTED + " of them.");
    }
  }

  private static String age(Instant since) {
    var age = Duration.between(since, Instant.now());
    if (age.toHours() >= 48) {
      return age.toDays() + " d";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + " h";
    }
    return age.toSeconds() >= 120 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }

  /// What is done with the dead letters of one service.
  private interface Work<T> {
    T on(DeadLetterQueue queue) throws Exception;
  }

  private static <T> T with(Terminal terminal, String service, Work<T> work) throws Exception {
    var endpoint = URI.create(run().path("aws").asText());
    var topology = Topology.standard();
    // The emulator takes any.
    var credentials = new AwsConfig.Credentials("test", new Secret("test"));
    var config = new AwsConfig("us-east-1", Optional.of(endpoint), Optional.of(credentials));
    try (var aws = new AwsClients(config);
        SqsClient sqs = aws.sqs()) {
      var queue =
          new DeadLetterQueue(
              sqs,
              topology.deadLetterQueueUrl(endpoint, service),
              topology.queueUrl(endpoint, service));
      var interrupted =
          new Thread(
              () -> {
                terminal.onlyThisThread();
                queue.interrupt();
                terminal.line("stopped; what was not moved is still there");
              },
              "dlq-interrupted");
      Runtime.getRuntime().addShutdownHook(interrupted);
      try {
        return work.on(queue);
      } finally {
        forget(interrupted);
      }
    } catch (DeadLetterQueue.TooMany e) {
      throw new StartFailed(e.getMessage());
    } catch (SdkException e) {
      throw new StartFailed(
          "the queues of "
              + service
              + " do not answer at "
              + endpoint
              + " ("
              + e.getMessage()
              + "); what was not moved yet is still there.");
    }
  }

  // When it runs already, it still uses the client: nothing may go on and close that.
  private static void forget(Thread hook) throws InterruptedException {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      Thread.currentThread().join();
    }
  }

  private static JsonNode run() {
    return RunFile.read(Checkout.find());
  }

  /// Looks for one letter, which takes a while among many, and says how far it is.
  private static <T> T looking(Terminal terminal, DeadLetterQueue queue, String id, Look<T> look)
      throws Exception {
    int count = queue.count();
    var looked = new AtomicInteger();
    return terminal.step(
        "looking",
        "for " + id + " among " + count,
        () -> looked + " seen",
        () -> look.with(looked::set));
  }

  private interface Look<T> {
    T with(IntConsumer looked) throws Exception;
  }

  private static StartFailed unknown(String service, String id) {
    return new StartFailed(
        "none of "
            + service
            + "'s dead letters is "
            + id
            + "; ./microflow dlq list "
            + service
            + " lists them.");
  }

  /// The same as without a subcommand.
  @Command(name = "list")
  public static final class Listing implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "service", converter = ServiceName.class)
    private String service;

    public Listing(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      return list(terminal, service);
    }
  }

  /// Shows one service's dead letters whole, or one of them, and why it failed.
  @Command(name = "show")
  public static final class Show implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "service", converter = ServiceName.class)
    private String service;

    @Parameters(index = "1", arity = "0..1", paramLabel = "id")
    private String id;

    public Show(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      return with(terminal, service, id == null ? this::showSome : this::showOne);
    }

    private int showOne(DeadLetterQueue queue) throws Exception {
      var letter = looking(terminal, queue, id, looked -> queue.find(id, looked));
      show(letter.orElseThrow(() -> unknown(service, id)));
      return 0;
    }

    private int showSome(DeadLetterQueue queue) {
      int count = queue.count();
      var letters = queue.list(SHOWN);
      letters.forEach(this::show);
      terminal.heading(service + (count == 0 ? ": no dead letters" : ": " + count + " dead"));
      if (count > letters.size()) {
        terminal.quiet("  The first " + SHOWN + " of them; name one by its id to see another.");
      }
      return 0;
    }

    private void show(DeadLetter letter) {
      terminal.heading(letter.type() + " " + letter.id());
      field("message", letter.messageId());
      field("sent", letter.sent() + ", " + age(letter.sent()) + " ago");
      field("received", letter.receives() + " times, looks by dlq included");
      letter.attributes().forEach(this::field);
      new FailureLog(logs())
          .find(letter)
          .ifPresentOrElse(
              failure -> {
                field("failed", failure.times() + " times since " + failure.first());
                field("because", failure.last() + " " + failure.words());
              },
              () -> field("because", "unknown: " + service + "'s logs do not tell"));
      letter.body().lines().forEach(line -> terminal.line("  " + line));
    }

    // Not cut: whoever asks for all of it wants to copy it.
    private void field(String name, String value) {
      terminal.line("  " + terminal.faint("%-12s".formatted(name)) + " " + value);
    }

    private List<Path> logs() {
      var logs = new ArrayList<Path>();
      for (var instance : run().path("processes").path(service).path("instances")) {
        logs.add(Path.of(instance.path("log").asText()));
      }
      return logs;
    }
  }

  /// Moves one service's dead letters back to its inbox, or one of them.
  @Command(name = "redrive")
  public static final class Redrive implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "service", converter = ServiceName.class)
    private String service;

    @Parameters(index = "1", arity = "0..1", paramLabel = "id")
    private String id;

    public Redrive(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
      return with(terminal, service, id == null ? this::moveAll : this::moveOne);
    }

    private int moveAll(DeadLetterQueue queue) {
      var moved = new AtomicInteger();
      try {
        queue.redrive(moved::incrementAndGet);
      } finally {
        terminal.done(moved + " moved back to " + service + "'s inbox");
      }
      return 0;
    }

    private int moveOne(DeadLetterQueue queue) throws Exception {
      if (!looking(terminal, queue, id, looked -> queue.redrive(id, looked))) {
        throw unknown(service, id);
      }
      terminal.done(id + " moved back to " + service + "'s inbox");
      return 0;
    }
  }

  static final class ServiceName implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (!Topology.SERVICES.contains(value)) {
        throw new TypeConversionException(
            "there is no service '" + value + "', only " + String.join(", ", Topology.SERVICES));
      }
      return value;
    }
  }
}
