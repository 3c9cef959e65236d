package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.telconova.auth.key.SigningKeys;
import com.telconova.shared.database.Database;
import com.telconova.shared.lifecycle.CannotStart;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.Bench;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AuthStartIT {
  private static final String CONNECTIONS =
      """
      select count(*) from pg_stat_activity where datname = current_database() and usename = 'auth'
      """;

  private final AuthFixture fixture = new AuthFixture();

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void instances_that_start_at_once_make_one_admin_and_one_key_and_trust_each_other() {
    List<AuthApp> apps = Together.run(4, _ -> fixture.start());

    assertThat(fixture.count("select count(*) from auth.app_user")).isEqualTo(1);
    assertThat(fixture.count("select count(*) from auth.signing_key")).isEqualTo(1);
    assertThat(fixture.count("select count(*) from auth.outbox where type = 'user.registered'"))
        .isEqualTo(1);
    String token = fixture.login(fixture.api(apps.getFirst()), AuthFixture.ADMIN).access();
    for (AuthApp app : apps) {
      assertThat(fixture.api(app).get("/users", token).status()).isEqualTo(200);
    }
  }

  @Test
  void a_restart_keeps_key_and_admin_and_looks_at_the_admins_settings_no_more() {
    AuthApp first = fixture.start();
    String token = fixture.login(fixture.api(first), AuthFixture.ADMIN).access();
    first.close();
    fixture.environment.put("ADMIN_EMAIL", "another@telconova.example");
    fixture.environment.put("ADMIN_PASSWORD", "quite another one");

    Api api = fixture.api(fixture.start());

    assertThat(api.get("/auth/profile", token).text("/email")).isEqualTo(AuthFixture.ADMIN);
    assertThat(api.get("/auth/profile", token).text("/role")).isEqualTo("ADMIN");
    assertThat(fixture.count("select count(*) from auth.app_user")).isEqualTo(1);
    fixture.environment.remove("ADMIN_EMAIL");
    fixture.environment.remove("ADMIN_PASSWORD");
    fixture.start().close();
  }

  @Test
  void without_an_admin_and_nobody_named_it_says_what_to_set() {
    fixture.environment.remove("ADMIN_EMAIL");

    assertCannotStart("There is no ADMIN yet: set ADMIN_EMAIL and ADMIN_PASSWORD");
  }

  @Test
  void an_admins_address_that_is_somebody_elses_does_not_make_them_admin() {
    AuthApp app = fixture.start();
    fixture.register(fixture.api(app), "eve@example.com");
    app.close();
    fixture.database.useHandle(
        handle -> handle.execute("delete from auth.app_user where role = 'ADMIN'"));
    fixture.environment.put("ADMIN_EMAIL", "eve@example.com");

    assertCannotStart("ADMIN_EMAIL already belongs to somebody with another role");

    assertThat(fixture.count("select count(*) from auth.app_user where role = 'ADMIN'")).isZero();
  }

  @Test
  void another_master_key_cannot_open_the_signing_keys() {
    fixture.start().close();
    fixture.environment.put("AUTH_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32]));

    assertCannotStart("AUTH_MASTER_KEY does not open the signing key");
  }

  @Test
  void a_newer_key_signs_from_its_time_on_and_the_older_one_goes_on_verifying() {
    String token = fixture.login(fixture.api(fixture.start()), AuthFixture.ADMIN).access();
    Config config = Config.from(fixture.environment);
    try (Database database = Database.open(config.database(), new CollectorRegistry());
        SigningKeys keys =
            new SigningKeys(fixture.clock, database, config.masterKey(), config.keyLifetime())) {
      String first = keys.current().kid();
      String second = addKey();

      keys.lookAfter();

      assertThat(keys.current().kid()).isEqualTo(first);
      assertThat(keys.published().keys()).hasSize(2);
      fixture.clock.advance(Duration.ofMinutes(1));
      assertThat(keys.current().kid()).isEqualTo(second);
      assertThat(keys.find(first)).isPresent();
    }
    Api restarted = fixture.api(fixture.start());
    assertThat(restarted.get("/auth/profile", token).status()).isEqualTo(200);
    assertThat(restarted.get("/.well-known/jwks.json", null).body().at("/keys")).hasSize(2);
  }

  @Test
  void a_public_key_that_was_exchanged_in_the_table_is_never_published() {
    fixture.start().close();
    try (AuthFixture stranger = new AuthFixture()) {
      stranger.start().close();
      byte[] foreign =
          stranger.database.withHandle(handle ->
              handle.select("select public_key from auth.signing_key").mapTo(byte[].class).one());
      fixture.database.useHandle(
          handle -> handle.execute("update auth.signing_key set public_key = ?", foreign));
    }

    assertThatThrownBy(fixture::start).hasMessageContaining("is another key's");
  }

  @Test
  void a_taken_port_is_named_and_leaves_nothing_open() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      fixture.environment.put("HTTP_PORT", Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(fixture::start)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
    }

    assertNoThreadsOfOurs();
    assertThat(fixture.count(CONNECTIONS)).isZero();
  }

  @Test
  void a_database_without_the_schema_is_said_in_one_line() {
    fixture.environment.put(
        "DATABASE_URL", Bench.get().databaseUrl().replace("microflow", "postgres"));

    assertCannotStart("The database cannot be used");
  }

  @Test
  void a_stopped_instance_leaves_no_thread_and_no_connection() {
    AuthApp app = fixture.start();
    fixture.login(fixture.api(app), AuthFixture.ADMIN);

    app.close();

    assertNoThreadsOfOurs();
    assertThat(fixture.count(CONNECTIONS)).isZero();
  }

  /// Another database's key, made under the same master key; a minute newer than ours.
  private String addKey() {
    try (AuthFixture stranger = new AuthFixture()) {
      stranger.start().close();
      Map<String, Object> row =
          stranger.database.withHandle(handle ->
              handle
                  .select("select kid, public_key, private_key_encrypted from auth.signing_key")
                  .mapToMap()
                  .one());
      fixture.database.useHandle(handle ->
          handle.execute(
              """
              insert into auth.signing_key
              select ?, ?, ?, max(created_at), max(signs_from) + interval '1 minute'
              from auth.signing_key
              """,
              row.get("kid"),
              row.get("public_key"),
              row.get("private_key_encrypted")));
      return (String) row.get("kid");
    }
  }

  private void assertCannotStart(String message) {
    assertThatThrownBy(fixture::start)
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1)
        .doesNotContain(AuthFixture.PASSWORD)
        .doesNotContain(fixture.environment.get("AUTH_MASTER_KEY"));
  }

  private static void assertNoThreadsOfOurs() {
    await()
        .untilAsserted(() ->
            assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name ->
                    name.startsWith("http-")
                        || name.startsWith("outbox-")
                        || name.startsWith("password-")
                        || name.startsWith("database")
                        || name.contains("inbox")));
  }
}
