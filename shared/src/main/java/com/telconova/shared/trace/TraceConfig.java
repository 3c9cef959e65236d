package com.telconova.shared.trace;

import com.telconova.shared.config.Secret;
import com.telconova.shared.config.Settings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether spans are recorded, which, and where to they are sent: by the names that OpenTelemetry
/// gives these settings.
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
///
/// @param export empty unless `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`
///   is set; also with `OTEL_TRACES_EXPORTER=none` or `OTEL_SDK_DISABLED=true`
/// @param sampler `OTEL_TRACES_SAMPLER`, default `parentbased_traceidratio`
/// @param ratio `OTEL_TRACES_SAMPLER_ARG`: which part of the traces that begin here is recorded, 0
///   to 1, default 0.05
/// @param serviceName `OTEL_SERVICE_NAME`, in place of the service's own
/// @param resource `OTEL_RESOURCE_ATTRIBUTES`: `name=value` separated by commas, percent-encoded;
///   what they say of this process
public record TraceConfig(
    Optional<Export> export,
    Sampler sampler,
    double ratio,
    Optional<String> serviceName,
    Map<String, String> resource) {
  private static final String UNSET = "-";
  private static final String ALL = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

  /// Which traces are recorded.
  public enum Sampler {
    ALWAYS_ON,
    ALWAYS_OFF,
    TRACEIDRATIO,
    PARENTBASED_ALWAYS_ON,
    PARENTBASED_ALWAYS_OFF,
    PARENTBASED_TRACEIDRATIO
  }

  /// How spans leave: OTLP by HTTP, as protobuf.
  ///
  /// @param endpoint `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` with
  ///   `/v1/traces` behind it
  /// @param headers `OTEL_EXPORTER_OTLP_HEADERS`: `name=value` separated by commas,
  ///   percent-encoded; such as a collector's key
  /// @param compression `OTEL_EXPORTER_OTLP_COMPRESSION`: `none` or `gzip`, default none
  /// @param timeout `OTEL_EXPORTER_OTLP_TIMEOUT`: how long a call may take, 100 to 60,000 ms,
  ///   default 10,000
  /// @param queue `OTEL_BSP_MAX_QUEUE_SIZE`: how many spans may wait; the others are dropped, 16 to
  ///   65,536, default 2,048
  /// @param batch `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`: how many go in one call, 1 to 8,192 and no more
  ///   than may wait, default 512
  /// @param delay `OTEL_BSP_SCHEDULE_DELAY`: how long the first of a call waits for the others, 10
  ///   to 60,000 ms, default 5,000
  /// @param limit `OTEL_BSP_EXPORT_TIMEOUT`: how long a call may take with its retry, 100 to
  ///   120,000 ms, default 30,000
  public record Export(
      URI endpoint,
      Map<String, Secret> headers,
      String compression,
      Duration timeout,
      int queue,
      int batch,
      Duration delay,
      Duration limit) {}

  public static TraceConfig from(Settings settings) {
    Sampler sampler =
        settings.value(
            "OTEL_TRACES_SAMPLER",
            "parentbased_traceidratio",
            "always_on, always_off, traceidratio, or one of these behind 'parentbased_'",
            TraceConfig::sampler);
    Double ratio =
        settings.value(
            "OTEL_TRACES_SAMPLER_ARG", "0.05", "a number from 0 to 1", TraceConfig::ratio);
    Map<String, String> resource =
        settings.value(
            "OTEL_RESOURCE_ATTRIBUTES",
            UNSET,
            "name=value, separated by commas",
            TraceConfig::pairs);
    String name = settings.text("OTEL_SERVICE_NAME", UNSET);
    return new TraceConfig(
        export(settings),
        sampler,
        ratio == null ? 0 : ratio, // what a fault was found in is null until they are checked
        name.equals(UNSET) ? Optional.empty() : Optional.of(name),
        resource == null ? Map.of() : resource);
  }

  private static Optional<Export> export(Settings settings) {
    String exporter =
        settings.value("OTEL_TRACES_EXPORTER", "otlp", "otlp or none", oneOf("otlp", "none"));
    String disabled =
        settings.value("OTEL_SDK_DISABLED", "false", "true or false", oneOf("true", "false"));
    boolean forTraces = !settings.text(TRACES, UNSET).equals(UNSET);
    boolean named = forTraces || !settings.text(ALL, UNSET).equals(UNSET);
    if (!named || "none".equals(exporter) || "true".equals(disabled)) {
      return Optional.empty();
    }
    URI endpoint = forTraces ? settings.uri(TRACES) : below(settings.uri(ALL));
    settings.value(
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "http/protobuf",
        "http/protobuf, at the collector's port for HTTP, mostly 4318",
        oneOf("http/protobuf"));
    int queue = settings.integer("OTEL_BSP_MAX_QUEUE_SIZE", 2_048, 16, 65_536);
    return Optional.of(
        new Export(
            endpoint,
            headers(settings),
            settings.value(
                "OTEL_EXPORTER_OTLP_COMPRESSION", "none", "none or gzip", oneOf("none", "gzip")),
            millis(settings, "OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, 100, 60_000),
            queue,
            settings.integer(
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", Math.min(queue, 512), 1, Math.min(queue, 8_192)),
            millis(settings, "OTEL_BSP_SCHEDULE_DELAY", 5_000, 10, 60_000),
            millis(settings, "OTEL_BSP_EXPORT_TIMEOUT", 30_000, 100, 120_000)));
  }

  private static Map<String, Secret> headers(Settings settings) {
    String name = "OTEL_EXPORTER_OTLP_HEADERS";
    if (settings.text(name, UNSET).equals(UNSET)) {
      return Map.of();
    }
    Map<String, String> pairs =
        settings.secretValue(name, "name=value, separated by commas", TraceConfig::pairs);
    return pairs == null
        ? Map.of()
        : pairs.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, pair -> new Secret(pair.getValue())));
  }

  private static Duration millis(Settings settings, String name, int fallback, int min, int max) {
    return Duration.ofMillis(settings.integer(name, fallback, min, max));
  }

  private static URI below(URI base) {
    return URI.create(base.toString().replaceFirst("/*$", "") + "/v1/traces");
  }

  private static Sampler sampler(String text) {
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(text);
    }
    return Sampler.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static double ratio(String text) {
    double ratio = Double.parseDouble(text);
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException(text);
    }
    return ratio;
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (!text.equals(UNSET)) {
      for (String pair : text.split(",")) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException(pair);
        }
        String value = pair.substring(equals + 1).strip().replace("+", "%2B");
        pairs.put(
            pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return pairs;
  }

  private static java.util.function.Function<String, String> oneOf(String... choices) {
    return text -> {
      for (String choice : choices) {
        if (choice.equals(text)) {
          return choice;
        }
      }
      throw new IllegalArgumentException(text);
    };
  }
}
