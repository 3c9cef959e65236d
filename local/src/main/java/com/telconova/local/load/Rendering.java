package com.telconova.local.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.local.load.Result.Figures;
import com.telconova.shared.json.Mappers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// A result in words and as JSON.
final class Rendering {

  private static final double[] PERCENTILES = {50, 90, 99, 99.9};
  private static final double SLACK = 1e-6;
  private static final String[] NAMES = {"p50", "p90", "p99", "p99.9"};

  private Rendering() {}

  static String table(Result result) {
    var text = new StringBuilder();
    var figures = new ArrayList<List<String>>();
    figures.add(List.of("ms", "good", "good/s", "p50", "p90", "p99", "p99.9", "longest", "failed"));
    figures.add(row(result.total()));
    if (result.operations().size() > 1) {
      result.operations().forEach(one -> figures.add(row(one)));
    }
    append(text, figures);
    errors(text, result);
    sender(text, result);
    processes(text, result.processes());
    return text.toString();
  }

  static String json(Result result) {
    var root = Mappers.TOLERANT.createObjectNode();
    var profile = result.profile();
    root.put("mix", profile.mix().name());
    var arrival = root.putObject("arrival");
    switch (profile.arrival()) {
      case Arrival.Open open -> {
        arrival.put("loop", "open");
        arrival.put("perSecond", open.perSecond());
        arrival.put("maxConnections", open.maxConnections());
      }
      case Arrival.Closed closed -> {
        arrival.put("loop", "closed");
        arrival.put("clients", closed.clients());
      }
    }
    root.put("way", result.way());
    root.put("began", result.began().toString());
    root.put("warmUpSeconds", profile.warmUp().toMillis() / 1e3);
    root.put("seconds", result.measured().toMillis() / 1e3);
    root.put("notSent", result.notSent());
    root.put("waitedForConnection", result.waited());
    put(root.putObject("total"), result.total());
    var operations = root.putObject("operations");
    result.operations().forEach(one -> put(operations.putObject(one.name()), one));
    var sender = root.putObject("sender");
    var generator = result.generator();
    sender.put("limitPerSecond", Math.round(generator.limitPerSecond()));
    sender.put("limitCpuMicrosPerRequest", generator.limitCpuMicros());
    sender.put("cpuMicrosPerRequest", generator.cpuMicros());
    sender.put("busyShare", generator.busy());
    sender.put("waitedForProcessorShare", generator.waited());
    sender.put("lateP99", generator.lateP99().toNanos() / 1e6);
    sender.put("lateMax", generator.late().toNanos() / 1e6);
    sender.put("wasTheLimit", generator.limited().isPresent());
    generator.limited().ifPresent(why -> sender.put("why", why));
    var processes = root.putObject("processes");
    result.processes().forEach(cost -> put(processes.putObject(cost.name()), cost));
    return root.toPrettyString();
  }

  private static List<String> row(Figures one) {
    var cells = new ArrayList<String>();
    cells.add(one.name());
    cells.add(whole(one.good()));
    cells.add(number(one.throughput(), 1));
    for (var percentile : PERCENTILES) {
      // Of fewer the quantile is just the longest.
      boolean told = one.latency().getTotalCount() * (100 - percentile) >= 100 - SLACK;
      long nanos = one.latency().getValueAtPercentile(percentile);
      cells.add(told ? millis(one.latency(), nanos) : "-");
    }
    cells.add(millis(one.latency(), one.latency().getMaxValue()));
    cells.add(one.failed() == 0 ? "" : whole(one.failed()));
    return cells;
  }

  private static void errors(StringBuilder text, Result result) {
    for (var one : result.operations()) {
      if (one.failed() > 0) {
        var kinds = new ArrayList<String>();
        new TreeMap<>(one.errors()).forEach((kind, count) -> kinds.add(whole(count) + " " + kind));
        text.append("\n  failed: ").append(one.name()).append(": ");
        text.append(String.join(", ", kinds));
      }
    }
    if (result.total().errors().containsKey("429")) {
      text.append("\n  429 is the gateway's throttle: ./microflow up --no-throttling has none,");
      text.append("\n  and --direct goes past the gateway");
    }
    if (result.waited() > 0) {
      text.append("\n  ").append(whole(result.waited()));
      text.append(" requests waited until a connection was free; that counts as latency");
    }
    if (result.notSent() > 0) {
      text.append("\n  not sent: ").append(whole(result.notSent()));
      text.append(" requests: no connection was free, or there was no order for them;");
      text.append(
          "\n  they are in no latency above, so whoever wanted them is worse off than it says");
    }
    text.append('\n');
  }

  private static void sender(StringBuilder text, Result result) {
    var generator = result.generator();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  The sender: %.0f us of CPU a request; on a processor %.0f %% of the time, waiting"
                + " for%n  one %.0f %%. By itself it is able to %,.0f requests a second, %.0f us"
                + " each.%n",
            generator.cpuMicros(),
            100 * generator.busy(),
            100 * generator.waited(),
            generator.limitPerSecond(),
            generator.limitCpuMicros()));
    if (result.profile().arrival() instanceof Arrival.Open) {
      text.append(
          String.format(
              Locale.ROOT,
              "  It was late by up to %.2f ms with 99 of 100 requests, by %.1f ms at most.%n",
              generator.lateP99().toNanos() / 1e6,
              generator.late().toNanos() / 1e6));
    }
    generator
        .limited()
        .ifPresent(why ->
            text.append("  IT WAS THE LIMIT, not the system:\n  ").append(why).append(".\n"));
  }

  private static void processes(StringBuilder text, List<Cost> costs) {
    if (costs.isEmpty()) {
      return;
    }
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "for each request",
            "CPU ms",
            "user",
            "system",
            "KiB new",
            "waits",
            "ousted",
            "CPUs",
            "GC",
            "GC ms"));
    for (var cost : costs) {
      long requests = cost.requests();
      rows.add(
          List.of(
              cost.name(),
              ratio(cost.cpuUserMillis() + cost.cpuSystemMillis(), requests, 3),
              ratio(cost.cpuUserMillis(), requests, 3),
              ratio(cost.cpuSystemMillis(), requests, 3),
              share(cost.allocatedPerRequest()),
              ratio(cost.voluntarySwitches(), requests),
              ratio(cost.involuntarySwitches(), requests),
              number(cost.processors(), 2),
              cost.gc().map(gc -> whole(gc.count())).orElse("-"),
              cost.gc().map(gc -> number(gc.seconds() * 1e3, 0)).orElse("-")));
    }
    text.append('\n');
    append(text, rows);
    var now = new ArrayList<List<String>>();
    now.add(List.of("at the end", "RSS MiB", "PSS MiB", "threads", "descriptors"));
    for (var cost : costs) {
      now.add(
          List.of(
              cost.name(),
              mebibytes(OptionalLong.of(cost.residentBytes())),
              mebibytes(cost.proportionalBytes()),
              told(cost.threads()),
              told(cost.descriptors())));
    }
    text.append('\n');
    append(text, now);
    text.append(
        """

          CPU ms, KiB newly allocated, waits for something and losses of the processor (ousted) are
          divided by all requests of the run; CPUs and GC are of the whole measured part.
        """);
  }

  private static void put(ObjectNode node, Figures one) {
    node.put("sent", one.sent());
    node.put("good", one.good());
    node.put("failed", one.failed());
    node.put("perSecond", one.throughput());
    var errors = node.putObject("errors");
    new TreeMap<>(one.errors()).forEach(errors::put);
    put(node.putObject("latency"), one.latency());
    put(node.putObject("fromSending"), one.service());
  }

  private static void put(ObjectNode node, Histogram histogram) {
    for (int i = 0; i < NAMES.length; i++) {
      node.put(NAMES[i], histogram.getValueAtPercentile(PERCENTILES[i]) / 1e6);
    }
    node.put("mean", histogram.getTotalCount() == 0 ? 0 : histogram.getMean() / 1e6);
    node.put("max", histogram.getMaxValue() / 1e6);
  }

  private static void put(ObjectNode node, Cost cost) {
    node.put("requests", cost.requests());
    node.put("seconds", cost.seconds());
    node.put("cpuMsPerRequest", cost.cpuMillisPerRequest());
    node.put("cpuUserMs", cost.cpuUserMillis());
    node.put("cpuSystemMs", cost.cpuSystemMillis());
    node.put("processors", cost.processors());
    node.put("rssBytes", cost.residentBytes());
    cost.proportionalBytes().ifPresent(value -> node.put("pssBytes", value));
    cost.threads().ifPresent(value -> node.put("threads", value));
    cost.descriptors().ifPresent(value -> node.put("descriptors", value));
    cost.voluntarySwitches().ifPresent(value -> node.put("voluntarySwitches", value));
    cost.involuntarySwitches().ifPresent(value -> node.put("involuntarySwitches", value));
    cost.gc().ifPresent(gc -> node.put("gcCount", gc.count()).put("gcMs", gc.seconds() * 1e3));
    cost.allocatedPerRequest().ifPresent(value -> node.put("allocatedBytesPerRequest", value));
  }

  // The first column to the left, the others to the right.
  private static void append(StringBuilder text, List<List<String>> rows) {
    int columns = rows.getFirst().size();
    var widths = new int[columns];
    for (var row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (var row : rows) {
      var line = new StringBuilder("  ");
      for (int i = 0; i < columns; i++) {
        var padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? row.get(i) + padding : "  " + padding + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static String millis(Histogram histogram, long nanos) {
    return histogram.getTotalCount() == 0 ? "-" : number(nanos / 1e6, nanos < 100_000_000 ? 2 : 0);
  }

  private static String mebibytes(OptionalLong bytes) {
    return bytes.isPresent() ? number(bytes.getAsLong() / 1024.0 / 1024, 0) : "-";
  }

  private static String share(OptionalDouble bytes) {
    return bytes.isPresent() ? number(bytes.getAsDouble() / 1024, 1) : "-";
  }

  private static String ratio(OptionalLong count, long requests) {
    return count.isPresent() ? ratio(count.getAsLong(), requests, 2) : "-";
  }

  private static String ratio(double amount, long requests, int digits) {
    return requests == 0 ? "-" : number(amount / requests, digits);
  }

  private static String told(OptionalLong number) {
    return number.isPresent() ? whole(number.getAsLong()) : "-";
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String number(double number, int digits) {
    return String.format(Locale.ROOT, "%,." + digits + "f", number);
  }
}
