package com.telconova.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.event.EventConfig;
import com.telconova.shared.http.HttpConfig;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.token.TokenConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
  private static final String CANARY = "canary-7f3a";

  private static final Map<String, String> GOOD =
      Map.of(
          "DATABASE_URL", "jdbc:postgresql://db:5432/microflow",
          "DATABASE_PASSWORD", CANARY,
          "AWS_REGION", "us-east-1",
          "AWS_ACCESS_KEY_ID", "id",
          "AWS_SECRET_ACCESS_KEY", CANARY,
          "TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:microflow-auth",
          "QUEUE_URL", "http://sqs/000000000000/microflow-auth-inbox",
          "TOKEN_ISSUER", "https://microflow.test",
          "JWKS_URL", "http://auth:8081/.well-known/jwks.json");

  private record Everything(
      HttpConfig http,
      DatabaseConfig database,
      AwsConfig aws,
      EventConfig events,
      TokenConfig tokens) {
    static Everything from(Map<String, String> environment) {
      Settings settings = Settings.of(environment);
      Everything everything =
          new Everything(
              HttpConfig.from(settings, 8081, 9081),
              DatabaseConfig.from(settings, "auth"),
              AwsConfig.from(settings),
              EventConfig.from(settings),
              TokenConfig.from(settings));
      settings.check();
      return everything;
    }
  }

  @Test
  void what_is_not_set_has_its_default() {
    Everything everything = Everything.from(GOOD);

    assertThat(everything.http().port()).isEqualTo(8081);
    assertThat(everything.http().bindAddress()).isEqualTo("0.0.0.0");
    assertThat(everything.http().linger()).isEqualTo(Duration.ofSeconds(10));
    assertThat(everything.database().user()).isEqualTo("auth");
    assertThat(everything.database().requests()).isEqualTo(10);
    assertThat(everything.aws().endpoint()).isEmpty();
    assertThat(everything.events().pollWait()).isEqualTo(Duration.ofSeconds(20));
    assertThat(everything.events().lease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(everything.events().firstRetry()).isEqualTo(Duration.ofSeconds(5));
    assertThat(everything.events().queueName()).isEqualTo("microflow-auth-inbox");
  }

  @Test
  void how_long_events_rest_and_are_claimed_can_be_set_within_limits() {
    Map<String, String> environment = new HashMap<>(GOOD);
    environment.put("OUTBOX_LEASE_SECONDS", "600");
    environment.put("QUEUE_RETRY_SECONDS", "0");

    assertThat(Everything.from(environment).events().lease()).isEqualTo(Duration.ofMinutes(10));
    assertThat(Everything.from(environment).events().firstRetry()).isZero();

    environment.put("OUTBOX_LEASE_SECONDS", "0");
    environment.put("QUEUE_RETRY_SECONDS", "61");
    assertThatThrownBy(() -> Everything.from(environment))
        .hasMessageContaining("OUTBOX_LEASE_SECONDS is '0'; it takes a whole number from 1 to 600")
        .hasMessageContaining("QUEUE_RETRY_SECONDS is '61'; it takes a whole number from 0 to 60");
  }

  @Test
  void every_fault_is_named_at_once() {
    Map<String, String> bad = new HashMap<>(GOOD);
    bad.put("HTTP_PORT", "65536");
    bad.put("ADMIN_PORT", "http");
    bad.put("STOP_LINGER_SECONDS", "-1");
    bad.put("DATABASE_URL", "postgres://db/microflow");
    bad.put("DATABASE_REQUEST_CONNECTIONS", "0");
    bad.put("QUEUE_WAIT_SECONDS", "21");
    bad.put("JWKS_URL", "auth:8081/keys");
    bad.put("AWS_ENDPOINT_URL", "localhost:4566");
    bad.remove("AWS_REGION");
    bad.remove("AWS_SECRET_ACCESS_KEY");
    bad.put("TOPIC_ARN", " ");
    bad.put("DATABASE_PASSWORD", "");

    var thrown = catchThrowableOfType(InvalidConfiguration.class, () -> Everything.from(bad));

    assertThat(thrown.getMessage())
        .contains("12 fault(s)")
        .contains("HTTP_PORT is '65536'; it takes a whole number from 0 to 65535")
        .contains("ADMIN_PORT is 'http'")
        .contains("STOP_LINGER_SECONDS is '-1'")
        .contains("DATABASE_URL is 'postgres://db/microflow'")
        .contains("DATABASE_REQUEST_CONNECTIONS is '0'; it takes a whole number from 1 to 100")
        .contains("QUEUE_WAIT_SECONDS is '21'")
        .contains("JWKS_URL is 'auth:8081/keys'; it takes an http or https address")
        .contains("AWS_ENDPOINT_URL is 'localhost:4566'")
        .contains("AWS_REGION is not set")
        .contains("AWS_SECRET_ACCESS_KEY is not set")
        .contains("TOPIC_ARN is not set")
        .contains("DATABASE_PASSWORD is not set");
  }

  @Test
  void a_good_configuration_shows_no_secret() {
    assertThat(Everything.from(GOOD).toString()).doesNotContain(CANARY).contains("***");
  }

  @Test
  void a_secret_is_not_shown_in_json_either() throws Exception {
    assertThat(Mappers.TOLERANT.writeValueAsString(Everything.from(GOOD).database()))
        .doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://auth:" + CANARY + "@db/microflow",
        "jdbc:postgresql://auth:" + CANARY + "@db/microflow",
        "jdbc:postgresql://db/microflow?user=auth&password=" + CANARY,
        "jdbc:postgresql://db/microflow?user=auth&PASSWORD=" + CANARY
      })
  void credentials_in_an_address_are_refused_and_not_shown(String url) {
    Map<String, String> bad = new HashMap<>(GOOD);
    bad.put("DATABASE_URL", url);

    assertThatThrownBy(() -> Everything.from(bad))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("DATABASE_URL")
        .hasMessageContaining("without credentials")
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void a_secret_that_is_too_short_is_a_fault_that_does_not_show_it() {
    Settings settings = Settings.of(Map.of("KEY", CANARY));
    settings.secret("KEY", 32);

    assertThatThrownBy(settings::check)
        .hasMessageContaining("KEY is too short")
        .hasMessageContaining("32")
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void proxies_may_be_listed_with_blanks_and_twice() {
    Map<String, String> environment = new HashMap<>(GOOD);
    environment.put("TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2 ,10.0.0.1");

    assertThat(Everything.from(environment).http().trustedProxies())
        .containsExactlyInAnyOrderElementsOf(List.of("10.0.0.1", "10.0.0.2"));
  }

  @Test
  void proxies_may_be_networks_and_nothing_else() {
    Map<String, String> environment = new HashMap<>(GOOD);
    environment.put("TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32");

    assertThat(Everything.from(environment).http().trustedProxies())
        .containsExactlyInAnyOrder("10.0.0.0/8", "2001:db8::/32");
    for (String wrong : List.of("gateway.local", "10.0.0.0/33", "10.0.0.0/", "10.0.0.1,", "/8")) {
      environment.put("TRUSTED_PROXIES", wrong);
      assertThatThrownBy(() -> Everything.from(environment))
          .hasMessageContaining("TRUSTED_PROXIES is '" + wrong + "'");
    }
  }
}
