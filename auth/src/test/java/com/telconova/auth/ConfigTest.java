package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.auth.account.Email;
import com.telconova.auth.account.UserRole;
import com.telconova.shared.config.InvalidConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigTest {
  private static final String MASTER_KEY = "c2l4dGVlbiB0aWdlcnMgYW5kIDE2IHdhcm0gc3RvbmU=";
  private static final Map<String, String> NEEDED =
      Map.of(
          "DATABASE_URL", "jdbc:postgresql://localhost/microflow",
          "DATABASE_PASSWORD", "database-secret",
          "AWS_REGION", "us-east-1",
          "TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:microflow-auth",
          "QUEUE_URL", "http://localhost/000000000000/microflow-auth-inbox",
          "TOKEN_ISSUER", "https://api.example.com",
          "TRACKING_URL", "http://tracking:8083",
          "AUTH_MASTER_KEY", MASTER_KEY);

  @Test
  void what_is_not_said_is_as_the_design_has_it() {
    Config config = Config.from(NEEDED);

    assertThat(config.http().port()).isEqualTo(8081);
    assertThat(config.http().adminPort()).isEqualTo(9081);
    assertThat(config.database().user()).isEqualTo("auth");
    assertThat(config.sessions().access()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.sessions().idle()).isEqualTo(Duration.ofDays(7));
    assertThat(config.sessions().absolute()).isEqualTo(Duration.ofDays(30));
    assertThat(config.sessions().grace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.limits().addressFailures()).isEqualTo(100);
    assertThat(config.limits().addressRefill()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.http().trustedProxies()).isEmpty();
    assertThat(config.auditKept()).isEqualTo(Duration.ofDays(400));
    assertThat(config.totpRequired()).isEmpty();
    assertThat(config.firstAdmin()).isEmpty();
  }

  @Test
  void the_first_admin_is_an_address_and_a_password() {
    Config config =
        Config.from(with("ADMIN_EMAIL", "Root@Example.com", "ADMIN_PASSWORD", "a b c d e"));

    assertThat(config.firstAdmin().orElseThrow().email()).isEqualTo(new Email("root@example.com"));
    assertThat(config.firstAdmin().orElseThrow().password().value()).isEqualTo("a b c d e");
  }

  @Test
  void roles_that_take_a_second_factor_are_named_and_no_others() {
    assertThat(Config.from(with("TOTP_REQUIRED_ROLES", "ADMIN, SUPERVISOR")).totpRequired())
        .containsExactlyInAnyOrder(UserRole.ADMIN, UserRole.SUPERVISOR);
    assertThatThrownBy(() -> Config.from(with("TOTP_REQUIRED_ROLES", "ADMIN,SERVICE")))
        .hasMessageContaining("TOTP_REQUIRED_ROLES is 'ADMIN,SERVICE'");
  }

  @Test
  void every_fault_is_named_at_once_and_no_secret_is() {
    Map<String, String> environment =
        with(
            "AUTH_MASTER_KEY",
            "too-short-secret",
            "ADMIN_EMAIL",
            "root",
            "ADMIN_PASSWORD",
            "password");
    environment.remove("TOKEN_ISSUER");
    environment.put("TRACKING_URL", "tracking");
    environment.put("REFRESH_GRACE_SECONDS", "61");

    assertThatThrownBy(() -> Config.from(environment))
        .isInstanceOf(InvalidConfiguration.class)
        .message()
        .contains(
            "6 fault(s)",
            "AUTH_MASTER_KEY",
            "ADMIN_EMAIL",
            "ADMIN_PASSWORD",
            "TOKEN_ISSUER",
            "TRACKING_URL",
            "REFRESH_GRACE_SECONDS")
        .doesNotContain("too-short-secret", "'password'");
  }

  @Test
  void an_admin_without_a_password_is_a_fault() {
    assertThatThrownBy(() -> Config.from(with("ADMIN_EMAIL", "root@example.com")))
        .hasMessageContaining("ADMIN_PASSWORD is not set");
  }

  @Test
  void it_can_be_printed_without_harm() {
    Config config = Config.from(with("ADMIN_EMAIL", "a@b.co", "ADMIN_PASSWORD", "seven wet boots"));

    assertThat(config.toString()).doesNotContain("seven wet boots", MASTER_KEY, "database-secret");
  }

  private static Map<String, String> with(String... settings) {
    Map<String, String> environment = new HashMap<>(NEEDED);
    for (int at = 0; at < settings.length; at += 2) {
      environment.put(settings[at], settings[at + 1]);
    }
    return environment;
  }
}
