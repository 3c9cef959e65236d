package com.telconova.shared.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.InvalidConfiguration;
import com.telconova.shared.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JfrConfigTest {
  @Test
  void a_small_recording_is_on_unless_it_is_said_otherwise() {
    assertThat(read(Map.of())).isEqualTo(new JfrConfig(true, 8, Duration.ofMinutes(10)));
    assertThat(
            read(
                Map.of(
                    "JFR_RECORDING", "off",
                    "JFR_MAX_MEBIBYTES", "1024",
                    "JFR_MAX_AGE_SECONDS", "86400")))
        .isEqualTo(new JfrConfig(false, 1024, Duration.ofDays(1)));
  }

  @Test
  void what_is_out_of_range_is_refused_all_at_once() {
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "JFR_RECORDING", "perhaps",
                    "JFR_MAX_MEBIBYTES", "0",
                    "JFR_MAX_AGE_SECONDS", "9")))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("JFR_RECORDING is 'perhaps'; it takes 'on' or 'off'")
        .hasMessageContaining("JFR_MAX_MEBIBYTES")
        .hasMessageContaining("JFR_MAX_AGE_SECONDS");
  }

  private static JfrConfig read(Map<String, String> environment) {
    Settings settings = Settings.of(environment);
    JfrConfig config = JfrConfig.from(settings);
    settings.check();
    return config;
  }
}
