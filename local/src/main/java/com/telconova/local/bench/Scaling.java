package com.telconova.local.bench;

import com.telconova.local.footprint.Footprint;
import com.telconova.local.workbench.Service;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How cost grows as work grows: ever more clients, and a second instance.
final class Scaling implements Part {
  private static final List<Integer> CLIENTS = List.of(1, 2, 4, 8, 16, 32, 64, 128);
  private static final List<Integer> OF_TWO = List.of(16, 64);
  private static final int SESSIONS = 8;
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "scaling";
  }

  @Override
  public String about() {
    return "1 to 128 clients, 1 and 2 instances of workorder";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    ground.arrangeForRates();
    ground.seed(scale.orders());
    var one = List.of(ground.service("workorder"));
    ground.progress("warming up");
    measure(ground, one, true, 32, scale.warmUp());
    measure(ground, one, false, 32, scale.warmUp());
    for (boolean reads : List.of(true, false)) {
      var rows =
          series(out, reads ? "GET /orders/{id}, one instance" : "POST /orders, one instance");
      var best = 0.0;
      for (int clients : CLIENTS) {
        ground.progress("%s, %d clients", reads ? "GET" : "POST", clients);
        var step = measure(ground, one, reads, clients, scale.measured());
        best = Math.max(best, step.result().rate());
        rows.add(row(clients, 1, step, best));
      }
    }
    ground.progress("starts a second instance");
    var second = ground.bench().start("workorder", 2);
    try {
      var two = List.of(one.getFirst(), second);
      measure(ground, two, true, 32, scale.warmUp());
      measure(ground, two, false, 32, scale.warmUp());
      for (boolean reads : List.of(true, false)) {
        var rows = series(out, reads ? "GET /orders/{id}, instances" : "POST /orders, instances");
        for (int clients : OF_TWO) {
          ground.progress("%s, %d clients, instances", reads ? "GET" : "POST", clients);
          var alone = measure(ground, one, reads, clients, scale.measured());
          rows.add(row(clients, 1, alone, alone.result().rate()));
          rows.add(
              row(
                  clients,
                  2,
                  measure(ground, two, reads, clients, scale.measured()),
                  alone.result().rate()));
        }
      }
    } finally {
      second.stop(Duration.ofSeconds(40));
    }
    out.note(
        "Closed loop: each client sends again when it was answered. All shares one machine, so that a second instance adds"
            + " no processor; what it costs is what shows. Of the peak: of the best rate so far in the series, or of one instance.");
  }

  private record Step(
      Requester.Result result, double cpuMillis, double busy, Footprint footprint) {}

  private static List<List<String>> series(Outcome.Draft out, String title) {
    return out.grid(
        title,
        "clients>",
        "instances>",
        "requests/s>",
        "of the peak %>",
        "p50 ms>",
        "p99 ms>",
        "CPU ms>",
        "cores>",
        "threads>",
        "RSS MiB>",
        "failed>");
  }

  private static List<String> row(int clients, int instances, Step step, double best) {
    var result = step.result();
    return List.of(
        Integer.toString(clients),
        Integer.toString(instances),
        Budget.number(result.rate()),
        Budget.number(result.rate() / best * 100),
        Budget.number(result.millis().percentile(50)),
        Budget.number(result.millis().percentile(99)),
        Budget.number(step.cpuMillis()),
        Budget.number(step.busy()),
        step.footprint().threads().isPresent()
            ? Long.toString(step.footprint().threads().getAsLong())
            : "-",
        Budget.number(step.footprint().residentBytes() / MEBIBYTE),
        Long.toString(result.failed()));
  }

  private static Step measure(
      Ground ground, List<Service> services, boolean reads, int clients, Duration time)
      throws Exception {
    var tokens = ground.tokens(reads ? ground.supervisor() : ground.client(), SESSIONS);
    var urls = new ArrayList<URI>();
    services.forEach(service -> urls.add(service.url()));
    var requests = reads ? Calls.get(tokens, ground.copies()) : Calls.create(tokens);
    try (var requester = new Requester(urls, clients, requests)) {
      var before = cpu(ground, services);
      var result = requester.closed(time);
      double cpu = cpu(ground, services).minus(before).toNanos() / 1e6;
      var footprint = Footprint.of(services.getLast().pid()).orElseThrow();
      return new Step(
          result, cpu / Math.max(1, result.answered()), cpu / 1e3 / result.seconds(), footprint);
    }
  }

  private static Duration cpu(Ground ground, List<Service> services) {
    return services.stream().map(ground::cpu).reduce(Duration.ZERO, Duration::plus);
  }
}
