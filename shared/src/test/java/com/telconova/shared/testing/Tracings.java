package com.telconova.shared.testing;

import com.telconova.shared.config.Settings;
import com.telconova.shared.trace.TraceConfig;
import com.telconova.shared.trace.Tracing;
import io.prometheus.client.CollectorRegistry;
import java.util.HashMap;
import java.util.Map;

/// Tracing that sends to a [Collector], at once.
public final class Tracings {
  private Tracings() {}

  /// @param settings beside the collector's address
  public static Tracing to(Collector collector, Map<String, String> settings) {
    return open(collector.endpoint().toString(), settings, new CollectorRegistry());
  }

  /// Everything is recorded that nobody else decided about.
  public static Tracing to(Collector collector) {
    return to(collector, Map.of("OTEL_TRACES_SAMPLER_ARG", "1"));
  }

  /// @param endpoint where a collector is, or is not
  /// @param settings beside it
  public static Tracing open(
      String endpoint, Map<String, String> settings, CollectorRegistry registry) {
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    environment.put("OTEL_BSP_SCHEDULE_DELAY", "10");
    environment.putAll(settings);
    Settings read = Settings.of(environment);
    TraceConfig config = TraceConfig.from(read);
    read.check();
    return Tracing.open(config, "tested", registry);
  }
}
