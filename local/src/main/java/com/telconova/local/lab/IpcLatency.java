package com.telconova.local.lab;

import com.telconova.local.api.Client;
import com.telconova.local.lab.child.Echo;
import com.telconova.local.lab.child.Ladder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How far away somebody is: from a call to a message.
final class IpcLatency implements Experiment {
  private static final List<String> RUNGS =
      List.of("call", "thread", "pipe", "unix", "tcp", "health", "orders", "queue");

  @Override
  public String name() {
    return "ipc-latency";
  }

  @Override
  public int seconds() {
    return 20;
  }

  @Override
  public boolean usesServices() {
    return true;
  }

  @Override
  public Finding run(Site site, Scale scale) throws Exception {
    return tell(measure(site, scale));
  }

  /// Seconds there and back, by way.
  Map<String, Sample> measure(Site site, Scale scale) throws Exception {
    var bench = site.bench();
    var workorder = bench.service("workorder", 1);
    String token;
    try (var api = new Client(bench.gateway().uri())) {
      token =
          api.post("/auth/login", null, site.people().supervisor().login()).text("/accessToken");
    }
    // A socket's path may have 107 bytes: a checkout's may have more.
    var folder = Files.createTempDirectory("lab");
    try (var echo = site.start(Echo.class, List.of(), folder.resolve("s"))) {
      int port = (int) echo.numbers("listening")[0];
      var command =
          site.command(
              Ladder.class,
              List.of("-Xmx128m"),
              folder.resolve("s"),
              port,
              workorder.adminUrl(),
              workorder.url(),
              bench.emulator().endpoint(),
              scale.of(400, 4_000));
      var ladder = new LinkedHashMap<String, Sample>();
      try (var child = site.start(command, Map.of("LAB_TOKEN", token))) {
        for (var rung : RUNGS) {
          site.progress(rung);
          double unit = rung.equals("call") ? 1e12 : 1e9;
          var seconds = new ArrayList<Double>();
          for (double value : child.numbers(rung)) {
            seconds.add(value / unit);
          }
          ladder.put(rung, Sample.of(seconds));
        }
        child.awaitEnd();
      }
      return ladder;
    } finally {
      Files.deleteIfExists(folder.resolve("s"));
      Files.deleteIfExists(folder);
    }
  }

  static Finding tell(Map<String, Sample> ladder) {
    var finding = Finding.of("way", "rounds>", "p50>", "p99>", "times>");
    double call = ladder.get("call").median();
    ladder.forEach((rung, sample) ->
        finding.row(
            Message.of("ipc-latency." + rung),
            Quantity.count(sample.size()),
            sample.median(Quantity.Unit.TIME),
            Quantity.seconds(sample.quantile(0.99)),
            Quantity.count(Math.rint(sample.median() / call))));
    finding.answer(
        "ipc-latency.answer",
        "call",
        Quantity.seconds(call),
        "unix",
        ladder.get("unix").median(Quantity.Unit.TIME),
        "tcp",
        ladder.get("tcp").median(Quantity.Unit.TIME),
        "health",
        ladder.get("health").median(Quantity.Unit.TIME),
        "queue",
        ladder.get("queue").median(Quantity.Unit.TIME),
        "calls",
        Quantity.count(Math.rint(ladder.get("health").median() / call)));
    var wrong = disorder(ladder);
    finding.answer(
        wrong.isEmpty() ? "ipc-latency.answer.order" : "ipc-latency.answer.order.not",
        "pairs",
        String.join(", ", wrong));
    return finding.build();
  }

  /// Rungs that were nearer than the one before.
  private static List<String> disorder(Map<String, Sample> ladder) {
    var wrong = new ArrayList<String>();
    for (int i = 1; i < RUNGS.size(); i++) {
      if (ladder.get(RUNGS.get(i)).median() < ladder.get(RUNGS.get(i - 1)).median()) {
        wrong.add(RUNGS.get(i) + " < " + RUNGS.get(i - 1));
      }
    }
    return wrong;
  }
}
