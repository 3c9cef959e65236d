package com.telconova.local.lab;

import com.telconova.local.api.Client;
import com.telconova.shared.os.ProcessCollector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;

/// The metrics of a process at one moment, by the names of `docs/operating-system.md`.
public record Reading(List<String> series) {
  /// What the kernel says of another process, asked from outside.
  static Reading of(long pid) {
    return of(ProcessCollector.of(pid));
  }

  /// What this process says of itself.
  public static Reading ofThisProcess() {
    return of(new ProcessCollector());
  }

  /// What a service says of itself.
  ///
  /// @param adminUrl without `/metrics`
  public static Reading of(URI adminUrl) {
    try (var admin = new Client(adminUrl)) {
      return of(admin.text("/metrics"));
    }
  }

  private static Reading of(ProcessCollector collector) {
    var registry = new CollectorRegistry();
    registry.register(collector);
    try (var text = new StringWriter()) {
      TextFormat.write004(text, registry.metricFamilySamples());
      return of(text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reading of(String text) {
    return new Reading(text.lines().filter(line -> !line.startsWith("#")).toList());
  }

  /// The sum of all series that begin like this; NaN when there is none.
  ///
  /// @param labels name, value, name, value: the first ones, in the order of the scrape
  public double value(String name, String... labels) {
    var begin = new StringBuilder(name);
    for (int i = 0; i < labels.length; i += 2) {
      begin.append(i == 0 ? "{" : ",").append(labels[i]).append("=\"").append(labels[i + 1]);
      begin.append('"');
    }
    double sum = Double.NaN;
    for (var line : series) {
      if (line.startsWith(begin.toString())) {
        double value = Double.parseDouble(line.substring(line.lastIndexOf(' ')));
        sum = Double.isNaN(sum) ? value : sum + value;
      }
    }
    return sum;
  }

  /// What `read` brought from a disk.
  public double diskBytesRead() {
    return value("process_io_bytes_total", "op", "read", "layer", "disk");
  }

  /// @param type `minor` or `major`
  public double faults(String type) {
    return value("process_page_faults_total", "type", type);
  }

  double resident() {
    return value("process_memory_bytes", "type", "rss");
  }

  double threads() {
    return value("process_threads{");
  }
}
