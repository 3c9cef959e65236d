package com.telconova.shared.os;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.SummaryMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// What one scrape found. A number that is not known is NaN and leaves its series out, and a family
/// without any series is left out: an absent file is an absent metric, never a zero.
final class Scrape {
  private final List<MetricFamilySamples> families = new ArrayList<>(80);

  /// One family's series.
  record Family(BiConsumer<List<String>, Double> series) {
    Family add(double value) {
      return add(value, List.of());
    }

    Family add(double value, String label) {
      return add(value, List.of(label));
    }

    Family add(double value, String label, String second) {
      return add(value, List.of(label, second));
    }

    Family add(double value, String label, String second, String third) {
      return add(value, List.of(label, second, third));
    }

    private Family add(double value, List<String> values) {
      if (!Double.isNaN(value)) {
        series.accept(values, value);
      }
      return this;
    }
  }

  /// What only ever grows while the process lives.
  ///
  /// @param name without `_total`, which is added to it
  Family counter(String name, String help, String... labels) {
    var family = new CounterMetricFamily(name, help, List.of(labels));
    families.add(family);
    return new Family(family::addMetric);
  }

  /// What is so now.
  Family gauge(String name, String help, String... labels) {
    var family = new GaugeMetricFamily(name, help, List.of(labels));
    families.add(family);
    return new Family(family::addMetric);
  }

  /// How often something took place and how long it took together.
  SummaryMetricFamily summary(String name, String help, String... labels) {
    var family = new SummaryMetricFamily(name, help, List.of(labels));
    families.add(family);
    return family;
  }

  List<MetricFamilySamples> families() {
    families.removeIf(family -> family.samples.isEmpty());
    return families;
  }
}
