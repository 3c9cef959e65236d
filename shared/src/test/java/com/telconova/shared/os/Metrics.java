package com.telconova.shared.os;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/// What a [ProcessCollector] tells, by series.
final class Metrics {
  private final CollectorRegistry registry = new CollectorRegistry();

  private Metrics(ProcessCollector collector) {
    collector.register(registry);
  }

  /// Of this process.
  static Metrics ofThisProcess() {
    return new Metrics(new ProcessCollector());
  }

  /// Of another process of this machine.
  static Metrics of(long pid) {
    return new Metrics(new ProcessCollector(Path.of("/"), Long.toString(pid)));
  }

  /// Of a tree of files.
  static Metrics below(Path root) {
    return new Metrics(new ProcessCollector(root, "self"));
  }

  /// One series, at this moment; NaN when there is none.
  ///
  /// @param labels name, value, name, value, as they stand in the scrape
  double of(String name, String... labels) {
    var names = new String[labels.length / 2];
    var values = new String[labels.length / 2];
    for (int i = 0; i < labels.length; i += 2) {
      names[i / 2] = labels[i];
      values[i / 2] = labels[i + 1];
    }
    Double value = registry.getSampleValue(name, names, values);
    return value == null ? Double.NaN : value;
  }

  /// The sum of a name's series that have this label's value.
  double sum(String name, String label, String value) {
    return Collections.list(registry.metricFamilySamples()).stream()
        .flatMap(family -> family.samples.stream())
        .filter(sample -> sample.name.equals(name))
        .filter(sample -> label.isEmpty() || value(sample, label).equals(value))
        .mapToDouble(sample -> sample.value)
        .sum();
  }

  /// The sum of all of a name's series.
  double sum(String name) {
    return sum(name, "", "");
  }

  /// The names of everything that a scrape has.
  TreeSet<String> names() {
    var names = new TreeSet<String>();
    for (MetricFamilySamples family : Collections.list(registry.metricFamilySamples())) {
      family.samples.forEach(sample -> names.add(sample.name));
    }
    return names;
  }

  /// As Prometheus reads it.
  String text() {
    var text = new StringWriter();
    try {
      TextFormat.write004(text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static String value(MetricFamilySamples.Sample sample, String label) {
    List<String> names = sample.labelNames;
    int index = names.indexOf(label);
    return index < 0 ? "" : sample.labelValues.get(index);
  }
}
