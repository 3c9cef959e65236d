package com.telconova.shared.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.InvalidConfiguration;
import com.telconova.shared.config.Secret;
import com.telconova.shared.config.Settings;
import com.telconova.shared.trace.TraceConfig.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceConfigTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  @Test
  void nothing_is_sent_unless_it_is_said_where_to() {
    assertThat(read(Map.of()).export()).isEmpty();
    assertThat(read(Map.of("OTEL_TRACES_SAMPLER", "always_on")).export()).isEmpty();
    assertThat(read(Map.of(ENDPOINT, "http://x:4318", "OTEL_TRACES_EXPORTER", "none")).export())
        .isEmpty();
    assertThat(read(Map.of(ENDPOINT, "http://x:4318", "OTEL_SDK_DISABLED", "true")).export())
        .isEmpty();
  }

  @Test
  void an_address_alone_is_enough() {
    TraceConfig config = read(Map.of(ENDPOINT, "http://collector:4318/"));

    assertThat(config.sampler()).isEqualTo(Sampler.PARENTBASED_TRACEIDRATIO);
    assertThat(config.ratio()).isEqualTo(0.05);
    assertThat(config.serviceName()).isEmpty();
    assertThat(config.resource()).isEmpty();
    assertThat(config.export())
        .contains(
            new TraceConfig.Export(
                URI.create("http://collector:4318/v1/traces"),
                Map.of(),
                "none",
                Duration.ofSeconds(10),
                2_048,
                512,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30)));
  }

  @Test
  void the_address_for_traces_is_taken_as_it_is() {
    TraceConfig config =
        read(
            Map.of(
                ENDPOINT,
                "http://collector:4318",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                "https://traces.example/in"));

    assertThat(config.export().orElseThrow().endpoint())
        .isEqualTo(URI.create("https://traces.example/in"));
  }

  @Test
  void everything_can_be_set() {
    TraceConfig config =
        read(
            Map.of(
                ENDPOINT,
                "http://collector:4318",
                "OTEL_TRACES_SAMPLER",
                "traceidratio",
                "OTEL_TRACES_SAMPLER_ARG",
                "0.25",
                "OTEL_SERVICE_NAME",
                "orders",
                "OTEL_RESOURCE_ATTRIBUTES",
                "deployment.environment.name=pr%C3%B3d, a=b=c+d",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "api-key=k%3D1",
                "OTEL_EXPORTER_OTLP_COMPRESSION",
                "gzip",
                "OTEL_BSP_MAX_QUEUE_SIZE",
                "100"));

    assertThat(config.sampler()).isEqualTo(Sampler.TRACEIDRATIO);
    assertThat(config.ratio()).isEqualTo(0.25);
    assertThat(config.serviceName()).contains("orders");
    assertThat(config.resource())
        .isEqualTo(Map.of("deployment.environment.name", "pród", "a", "b=c+d"));
    TraceConfig.Export export = config.export().orElseThrow();
    assertThat(export.headers()).isEqualTo(Map.of("api-key", new Secret("k=1")));
    assertThat(export.compression()).isEqualTo("gzip");
    assertThat(export.queue()).isEqualTo(100);
    assertThat(export.batch()).isEqualTo(100);
    assertThat(config.toString()).doesNotContain("k=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OTEL_EXPORTER_OTLP_ENDPOINT    | collector:4318 | an http or https address
          OTEL_EXPORTER_OTLP_PROTOCOL    | grpc           | 4318
          OTEL_EXPORTER_OTLP_COMPRESSION | zstd           | none or gzip
          OTEL_EXPORTER_OTLP_TIMEOUT     | 1              | 100
          OTEL_TRACES_EXPORTER           | zipkin         | otlp or none
          OTEL_TRACES_SAMPLER            | xray           | always_on
          OTEL_TRACES_SAMPLER            | ALWAYS_ON      | always_on
          OTEL_TRACES_SAMPLER_ARG        | 2              | a number from 0 to 1
          OTEL_TRACES_SAMPLER_ARG        | NaN            | a number from 0 to 1
          OTEL_RESOURCE_ATTRIBUTES       | a              | name=value
          OTEL_BSP_MAX_QUEUE_SIZE        | 0              | 16
          OTEL_BSP_MAX_EXPORT_BATCH_SIZE | 2049           | 2048
          """)
  void what_cannot_be_used_is_refused_with_what_it_takes(
      String name, String value, String expected) {
    Map<String, String> environment = new HashMap<>(Map.of(ENDPOINT, "http://x:4318"));
    environment.put(name, value);

    assertThatThrownBy(() -> read(environment))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining(name + " is '" + value + "'; it takes ")
        .hasMessageContaining(expected);
  }

  @Test
  void a_header_that_cannot_be_read_is_not_shown() {
    assertThatThrownBy(
            () -> read(Map.of(ENDPOINT, "http://x:4318", "OTEL_EXPORTER_OTLP_HEADERS", "canary")))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS cannot be read")
        .hasMessageNotContaining("canary");
  }

  static TraceConfig read(Map<String, String> environment) {
    Settings settings = Settings.of(environment);
    TraceConfig config = TraceConfig.from(settings);
    settings.check();
    return config;
  }
}
