package com.telconova.local.dlq;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Lists the dead letters of a running `up`; its subcommand moves them back.
@Command(name = "dlq", subcommands = DlqCommand.Redrive.class)
public final class DlqCommand implements Callable<Integer> {

  private static final int LIMIT = 100;

  private final Terminal terminal;

  @Parameters(arity = "0..1", converter = ServiceName.class)
  private String service;

  public DlqCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    for (var name : service == null ? Topology.SERVICES : List.of(service)) {
      with(name, queue -> print(name, queue.count(), queue.list(LIMIT)));
    }
    return 0;
  }

  private void print(String name, int count, List<DeadLetter> letters) {
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
      terminal.quiet("  " + terminal.cut(letter.id() + ": " + letter.firstLine(), 96));
    }
    if (letters.size() == LIMIT) {
      terminal.quiet("  The first " + LIMIT + " of them.");
    }
  }

  private static String age(Instant sent) {
    var age = Duration.between(sent, Instant.now());
    if (age.toHours() >= 48) {
      return age.toDays() + " d";
    }
    if (age.toMinutes() >= 120) {
      return age.toHours() + " h";
    }
    return age.toSeconds() >= 120 ? age.toMinutes() + " min" : age.toSeconds() + " s";
  }

  private static void with(String service, Consumer<DeadLetterQueue> work) {
    var endpoint = URI.create(RunFile.read(Checkout.find()).path("aws").asText());
    var topology = Topology.standard();
    // The emulator takes any.
    var credentials = new AwsConfig.Credentials("test", new Secret("test"));
    var config = new AwsConfig("us-east-1", Optional.of(endpoint), Optional.of(credentials));
    try (var aws = new AwsClients(config);
        SqsClient sqs = aws.sqs()) {
      work.accept(
          new DeadLetterQueue(
              sqs,
              topology.deadLetterQueueUrl(endpoint, service),
              topology.queueUrl(endpoint, service)));
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

  /// Moves one service's dead letters back to its inbox.
  @Command(name = "redrive")
  public static final class Redrive implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "1", paramLabel = "service", converter = ServiceName.class)
    private String service;

    public Redrive(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      var moved = new AtomicInteger();
      try {
        with(service, queue -> queue.redrive(moved::incrementAndGet));
      } finally {
        terminal.done(moved + " moved back to " + service + "'s inbox");
      }
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
