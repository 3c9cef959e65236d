package com.telconova.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.auth0.jwt.JWT;
import com.telconova.shared.aws.AwsClients;
import com.telconova.shared.aws.AwsConfig;
import com.telconova.shared.config.Settings;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.SnsPublisher;
import com.telconova.shared.testing.Api;
import com.telconova.shared.testing.ApiFuzzer;
import com.telconova.shared.testing.ApiMatrix;
import com.telconova.shared.testing.EventCatalogue;
import com.telconova.shared.testing.Operation;
import com.telconova.shared.token.Role;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;

/// Holds auth to `docs/openapi/auth.yaml` and `docs/asyncapi.yaml`.
final class AuthContractIT {
  private static final Map<Role, String> TOKENS = new EnumMap<>(Role.class);
  private static AuthFixture fixture;
  private static AuthApp app;
  private static Api api;
  private static String userId;

  @BeforeAll
  static void start() {
    fixture = new AuthFixture();
    app = fixture.start();
    api = fixture.api(app);
    String admin = token(Role.ADMIN);
    for (Role role : List.of(Role.CLIENT, Role.TECHNICIAN, Role.SUPERVISOR)) {
      fixture.create(api, admin, email(role), role.name());
    }
    userId = fixture.register(api, "changed@telconova.example");
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void what_is_registered_is_documented_and_what_is_documented_is_registered() {
    assertThat(fixture.contract.differences(app.routes())).isEmpty();
  }

  @Test
  void every_operation_refuses_what_its_document_says_and_whom() {
    try (Api raw = new Api(app.port())) {
      ApiMatrix matrix = new ApiMatrix(fixture.contract, raw, new Users());
      System.out.println("auth, role matrix: " + matrix.run());
    }
  }

  @Test
  void nothing_that_anybody_sends_is_our_fault_or_answered_otherwise_than_documented() {
    try (Api raw = new Api(app.port())) {
      ApiFuzzer fuzzer =
          new ApiFuzzer(fixture.contract, raw, AuthContractIT::token, List.of(userId));
      System.out.println("auth, fuzzer: " + fuzzer.run(ApiFuzzer.REQUESTS));
    }
  }

  @Test
  void every_event_that_the_catalogue_says_it_receives_is_taken_and_no_other() {
    EventCatalogue catalogue = EventCatalogue.load();
    assertThat(app.handles()).isEqualTo(catalogue.receivedBy("auth"));

    try (AwsClients aws = new AwsClients(AwsConfig.from(Settings.of(fixture.environment)));
        SnsClient sns = aws.sns()) {
      SnsPublisher tracking = new SnsPublisher(sns, fixture.topology.topicArn("tracking"));
      for (String type : catalogue.receivedBy("auth")) {
        Event example = catalogue.example(type);
        tracking.publish(List.of(example));
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() ->
                fixture.count(
                        "select count(*) from auth.processed where event_id = ?", example.id())
                    == 1);
      }
    }
  }

  private static final class Users implements ApiMatrix.World {
    @Override
    public String token(Role role) {
      return AuthContractIT.token(role);
    }

    @Override
    public String path(Operation operation, Role role) {
      if (operation.path().startsWith("/auth/docs")) {
        return operation.examplePath();
      }
      boolean session = operation.path().startsWith("/auth/sessions/");
      return operation.pathWith(
          session ? JWT.decode(newToken(role)).getClaim("sid").asString() : userId);
    }

    /// An administrator's session.
    @Override
    public String foreignPath(Operation operation, Role role) {
      return operation.path().startsWith("/auth/sessions/")
          ? operation.pathWith(JWT.decode(newToken(Role.ADMIN)).getClaim("sid").asString())
          : null;
    }

    /// The example's refresh token is nobody's.
    @Override
    public String body(Operation operation, Role role) {
      return operation.path().equals("/auth/refresh")
          ? "{\"refreshToken\": \"%s\"}".formatted(fixture.login(api, AuthFixture.ADMIN).refresh())
          : operation.exampleBody();
    }

    /// `PasswordChangeIT`, `PasswordResetIT` and `SecondFactorIT` have the passwords, tokens and
    /// codes for it.
    @Override
    public boolean succeeds(Operation operation) {
      return operation.method().equals("GET")
          || !operation.path().matches("/auth/password/(change|reset)|.*/totp.*");
    }
  }

  /// A token that counts, whoever logged out meanwhile; null for a service, of which there is none.
  private static String token(Role role) {
    if (role == Role.SERVICE) {
      return null;
    }
    return TOKENS.compute(
        role,
        (_, token) ->
            token == null || hasEnded(token) ? fixture.login(api, email(role)).access() : token);
  }

  private static boolean hasEnded(String token) {
    return fixture.count(
            "select count(*) from auth.session where id = ?::uuid and ended_at is null",
            JWT.decode(token).getClaim("sid").asString())
        == 0;
  }

  private static String email(Role role) {
    return role == Role.ADMIN
        ? AuthFixture.ADMIN
        : role.name().toLowerCase(Locale.ROOT) + "@telconova.example";
  }

  private static String newToken(Role role) {
    return fixture.login(api, email(role == Role.SERVICE ? Role.CLIENT : role)).access();
  }
}
