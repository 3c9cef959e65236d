package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Collector;
import com.telconova.shared.testing.Collector.Link;
import com.telconova.shared.testing.Collector.Received;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One trace, as a collector received it.
final class TraceTree {
  // Each process reads the machine's clock once a trace and counts on from there.
  private static final Duration CLOCKS = Duration.ofMillis(5);

  private final List<Received> spans;
  private final Map<String, Received> byId;
  private final Set<Link> known;

  TraceTree(Collector collector, String traceId) {
    this.spans =
        collector.trace(traceId).stream().sorted(Comparator.comparing(Received::start)).toList();
    this.byId = spans.stream().collect(Collectors.toMap(Received::spanId, Function.identity()));
    this.known =
        collector.spans().stream()
            .map(span -> new Link(span.traceId(), span.spanId()))
            .collect(Collectors.toSet());
  }

  List<Received> spans() {
    return spans;
  }

  /// Whether each span's parent has come, and one is the root.
  boolean isWhole() {
    return spans.stream().filter(Received::isRoot).count() == 1
        && spans.stream().allMatch(span -> span.isRoot() || byId.containsKey(span.parentId()));
  }

  /// Service, name and kind of each span above this one, from the root.
  String path(Received span) {
    String step = span.service() + ": " + span.name() + " " + span.kind();
    return span.isRoot() ? step : path(byId.get(span.parentId())) + " > " + step;
  }

  /// A part begins after the whole, and ends before it unless nobody waits for it; and what is
  /// pointed at was received as well.
  void check() {
    for (Received span : spans) {
      assertThat(span.end()).isAfterOrEqualTo(span.start());
      assertThat(known).containsAll(span.links());
      if (!span.isRoot()) {
        Received parent = byId.get(span.parentId());
        assertThat(span.start()).as(path(span)).isAfterOrEqualTo(parent.start().minus(CLOCKS));
        if (span.kind().equals("CLIENT") || span.kind().equals("SERVER")) {
          assertThat(span.end()).as(path(span)).isBeforeOrEqualTo(parent.end().plus(CLOCKS));
        }
      }
    }
  }

  /// A line for each span, parts below the whole.
  @Override
  public String toString() {
    var text = new StringBuilder();
    spans.stream().filter(Received::isRoot).forEach(root -> print(root, 0, root, text));
    return text.toString();
  }

  private void print(Received span, int depth, Received root, StringBuilder text) {
    text.append(
        "%-64s %+8.1f ms  %7.1f ms%n"
            .formatted(
                "  ".repeat(depth) + span.service() + "  " + span.name() + "  " + span.kind(),
                millis(Duration.between(root.start(), span.start())),
                millis(span.duration())));
    spans.stream()
        .filter(each -> each.parentId().equals(span.spanId()))
        .forEach(each -> print(each, depth + 1, root, text));
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
