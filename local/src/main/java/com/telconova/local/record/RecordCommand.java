package com.telconova.local.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import com.telconova.local.up.RunFile;
import com.telconova.local.workbench.StartFailed;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Takes recordings of the processes of a running `up`, all at the same time, a file for each.
@Command(name = "record")
public final class RecordCommand implements Callable<Integer> {
  private static final int MAX_SECONDS = 300;
  private static final Duration MARGIN = Duration.ofSeconds(60);
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1")
  private String service;

  @Option(names = "--seconds")
  private int seconds = 30;

  @Option(names = "--output")
  private Path output;

  public RecordCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// What became of one recording: a file, or the reason why there is none.
  private record Taken(String label, Path file, String fault) {}

  @Override
  public Integer call() throws Exception {
    check();
    var checkout = Checkout.find();
    var admins = adminUrls(RunFile.read(checkout).path("processes"));
    var folder = output == null ? checkout.folder().resolve("recordings") : output;
    Files.createDirectories(folder);
    var what = seconds == 0 ? "what they have recorded" : "the next " + seconds + " s";
    var taken =
        terminal.step(
            "record", String.join(", ", admins.keySet()) + ": " + what, () -> take(admins, folder));
    print(taken);
    return taken.stream().allMatch(one -> one.fault() == null) ? 0 : 1;
  }

  private void check() {
    if (service != null && !Topology.SERVICES.contains(service)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no service '%s', only %s"
              .formatted(service, String.join(", ", Topology.SERVICES)));
    }
    if (seconds < 0 || seconds > MAX_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds must be 1 to 300, or 0 for what was recorded so far, not " + seconds);
    }
  }

  private Map<String, URI> adminUrls(JsonNode processes) {
    var urls = new LinkedHashMap<String, URI>();
    for (var name : service == null ? Topology.SERVICES : List.of(service)) {
      int number = 1;
      for (var instance : processes.path(name).path("instances")) {
        var label = number == 1 ? name : name + "-" + number;
        urls.put(label, URI.create(instance.path("adminUrl").asText()));
        number++;
      }
    }
    return urls;
  }

  private List<Taken> take(Map<String, URI> admins, Path folder) throws IOException {
    var time = FILE_TIME.format(Instant.now());
    try (var http = HttpClient.newHttpClient()) {
      var running = new ArrayList<CompletableFuture<Taken>>();
      admins.forEach((label, admin) -> {
        var file = folder.resolve(label + "-" + time + ".jfr").toAbsolutePath().normalize();
        running.add(take(http, label, admin, file));
      });
      return running.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      throw new StartFailed("the recordings cannot be taken: " + CannotStart.reason(e));
    }
  }

  private CompletableFuture<Taken> take(HttpClient http, String label, URI admin, Path file) {
    var request =
        HttpRequest.newBuilder(admin.resolve("/jfr?seconds=" + seconds))
            .timeout(Duration.ofSeconds(seconds).plus(MARGIN))
            .build();
    HttpResponse.BodyHandler<String> toFile =
        info ->
            info.statusCode() == 200
                ? BodySubscribers.mapping(
                    BodyHandlers.ofFile(file).apply(info), path -> (String) null)
                : BodyHandlers.ofString().apply(info);
    return http.sendAsync(request, toFile)
        .thenApply(answer ->
            answer.statusCode() == 200
                ? new Taken(label, file, null)
                : new Taken(label, file, detail(answer)))
        .exceptionally(e -> new Taken(label, file, CannotStart.reason(e)));
  }

  private static String detail(HttpResponse<String> answer) {
    try {
      return Mappers.TOLERANT
          .readTree(answer.body())
          .path("detail")
          .asText("it answered " + answer.statusCode());
    } catch (IOException e) {
      return "it answered " + answer.statusCode();
    }
  }

  private void print(List<Taken> taken) throws IOException {
    var table = new Table("process", "KiB>", "file");
    Path first = null;
    for (var one : taken) {
      if (one.fault() == null) {
        first = first == null ? one.file() : first;
        table.row(one.label(), "%,d".formatted(Files.size(one.file()) / 1024), one.file());
      }
    }
    if (first != null) {
      table.print(terminal);
    }
    taken.stream()
        .filter(one -> one.fault() != null)
        .forEach(one -> terminal.failed(one.label() + ": " + one.fault()));
    if (first != null) {
      explain(first);
    }
  }

  // What the files of one moment have in common.
  private static String time(Path file) {
    var name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('-'), name.length() - ".jfr".length());
  }

  private void explain(Path file) {
    var jfr = Path.of(System.getProperty("java.home"), "bin", "jfr");
    terminal.heading("Look at all of them");
    terminal.line("  ./microflow report " + file.resolveSibling("*" + time(file) + ".jfr"));
    terminal.heading("Look at one");
    terminal.line("  jfr=" + jfr);
    terminal.line("  f=" + file);
    terminal.line("  $jfr summary $f                         which events it has, how many");
    terminal.line("  $jfr view hot-methods $f                where the processor was");
    terminal.line("  $jfr view microflow.HttpRequest $f      requests; so with any event");
    terminal.line("  $jfr view microflow.Process $f          what the process cost the system");
    terminal.line("  $jfr print --events EventHandled $f     each event that it handled");
    terminal.line("  $jfr view all-views $f                  everything that jfr can say");
  }
}
