package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.InvalidConfiguration;
import com.telconova.shared.config.Secret;
import com.telconova.tracking.evidence.store.StoreConfig;
import com.telconova.tracking.notification.mail.SmtpConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigTest {
  private final Map<String, String> environment =
      new HashMap<>(
          Map.ofEntries(
              Map.entry("DATABASE_URL", "jdbc:postgresql://localhost/microflow"),
              Map.entry("DATABASE_PASSWORD", "hunter22"),
              Map.entry("AWS_REGION", "us-east-1"),
              Map.entry("TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:microflow-tracking"),
              Map.entry("QUEUE_URL", "http://localhost/q/microflow-tracking-inbox"),
              Map.entry("TOKEN_ISSUER", "http://localhost:8080"),
              Map.entry("JWKS_URL", "http://auth:8081/.well-known/jwks.json"),
              Map.entry("WORKORDER_URL", "http://workorder:8082"),
              Map.entry("SMTP_URL", "smtp://localhost:2525"),
              Map.entry("MAIL_FROM", "MicroFlow <no-reply@example.com>"),
              Map.entry("EVIDENCE_STORE", "file"),
              Map.entry("EVIDENCE_DIRECTORY", "evidence")));

  @Test
  void the_ports_are_those_of_the_design_unless_told_otherwise() {
    Config config = Config.from(environment);

    assertThat(config.http().port()).isEqualTo(8083);
    assertThat(config.http().adminPort()).isEqualTo(9083);
    assertThat(config.database().user()).isEqualTo("tracking");
    assertThat(config.evidence()).isEqualTo(new StoreConfig.Directory(Path.of("evidence")));
  }

  @Test
  void a_mail_server_may_ask_who_we_are() {
    environment.put("SMTP_URL", "smtp://AKIA:p%40ss%3A+%2F@mail.example.com:587");

    assertThat(Config.from(environment).mail().server())
        .isEqualTo(
            new SmtpConfig.Server(
                "mail.example.com",
                587,
                Optional.of(new SmtpConfig.Login("AKIA", new Secret("p@ss:+/")))));
    assertThat(Config.from(environment).toString()).doesNotContain("p@ss");
  }

  @Test
  void only_the_chosen_store_needs_its_setting() {
    environment.put("EVIDENCE_STORE", "s3");
    environment.put("EVIDENCE_BUCKET", "evidence-of-ours");
    environment.remove("EVIDENCE_DIRECTORY");

    assertThat(Config.from(environment).evidence())
        .isEqualTo(new StoreConfig.Bucket("evidence-of-ours"));

    environment.remove("EVIDENCE_BUCKET");
    assertThatThrownBy(() -> Config.from(environment))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("EVIDENCE_BUCKET");
  }

  @Test
  void every_fault_is_named_at_once_and_no_secret_shown() {
    environment.put("SMTP_URL", "smtp://user:opensesame@");
    environment.put("MAIL_FROM", "nobody");
    environment.put("EVIDENCE_STORE", "tape");
    environment.remove("WORKORDER_URL");

    assertThatThrownBy(() -> Config.from(environment))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContainingAll("SMTP_URL", "MAIL_FROM", "EVIDENCE_STORE", "WORKORDER_URL")
        .message()
        .doesNotContain("opensesame");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost",
        "smtp:localhost",
        "smtp://",
        "smtp://a@b",
        "smtp://h/path",
        "smtp://:x@h"
      })
  void what_is_no_mail_server_is_refused(String url) {
    environment.put("SMTP_URL", url);

    assertThatThrownBy(() -> Config.from(environment)).hasMessageContaining("SMTP_URL");
  }
}
