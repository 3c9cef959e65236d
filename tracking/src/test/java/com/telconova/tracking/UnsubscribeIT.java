package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.event.Event;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class UnsubscribeIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static TrackingFixture fixture;

  private final UUID user = UUID.randomUUID();

  @BeforeAll
  static void start() {
    fixture = TrackingFixture.start(Map.of("PUBLIC_URL", "https://api.telconova.example/"));
  }

  @AfterAll
  static void stop() {
    HTTP.close();
    fixture.close();
  }

  /// The token of a person of whom auth has told, or tells now.
  static UUID token(TrackingFixture fixture, UUID person) {
    return fixture.database.withHandle(handle ->
        handle
            .createQuery(
                """
                insert into tracking.recipient
                  (user_id, email, name, role, locale, time_zone, active, user_sequence)
                values (:user, :user || '@example.com', 'Ana', 'CLIENT', 'en', 'UTC', true, 0)
                on conflict (user_id) do update set active = true
                returning unsubscribe_token
                """)
            .bind("user", person)
            .mapTo(UUID.class)
            .one());
  }

  @Test
  void a_link_in_the_mail_ends_mails_of_its_kind_until_the_preferences_change() throws Exception {
    tell(1, "{}");
    send("One");
    MimeMessage mail = mails(1).getFirst();
    String link = mail.getHeader("List-Unsubscribe", null).replaceAll("[<>]", "");
    assertThat(link)
        .isEqualTo(
            "https://api.telconova.example/notifications/unsubscribe/%s?event=message"
                .formatted(token(fixture, user)));
    assertThat(mail.getHeader("List-Unsubscribe-Post", null))
        .isEqualTo("List-Unsubscribe=One-Click");
    MimeMultipart forms = (MimeMultipart) mail.getContent();
    for (int i = 0; i < forms.getCount(); i++) {
      assertThat(forms.getBodyPart(i).getContent().toString())
          .contains("I want no more mails of this kind")
          .contains(link);
    }

    // A program that only follows links changes nothing.
    HttpResponse<String> page = call("GET", link);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
    assertThat(page.body()).contains("<form method=\"post\">").contains("No more mails");
    send("Two");
    mails(2);

    assertThat(call("POST", link).body()).contains("You will get no more mails");
    assertThat(call("POST", link).statusCode()).as("pressed again").isEqualTo(200);
    send("Three");
    await().until(() -> outcomes().equals(List.of("SUPPRESSED", "SENT", "SENT")));
    assertThat(newest().text("/items/0/detail")).startsWith("Unsubscribed by the link");

    tell(2, "{\"channels\": [\"EMAIL\"]}");
    send("Four");
    mails(3);
  }

  @Test
  void a_link_without_a_kind_ends_them_all_and_other_changes_of_the_profile_leave_it_so() {
    tell(1, "{}");
    String link = "https://x/notifications/unsubscribe/" + token(fixture, user);

    assertThat(call("POST", link).statusCode()).isEqualTo(200);
    tell(2, "{}");
    send("One");

    await().until(() -> outcomes().equals(List.of("SUPPRESSED")));
  }

  @Test
  void a_link_of_nobody_and_a_kind_there_is_none_of_are_refused() {
    tell(1, "{}");
    String path = "https://x/notifications/unsubscribe/";

    assertThat(call("POST", path + UUID.randomUUID()).statusCode()).isEqualTo(404);
    assertThat(call("GET", path + UUID.randomUUID()).statusCode()).isEqualTo(404);
    assertThat(call("POST", path + token(fixture, user) + "?event=gossip").statusCode())
        .isEqualTo(400);
  }

  /// As a mail program does it.
  private static HttpResponse<String> call(String method, String link) {
    URI target = URI.create(link);
    URI here =
        URI.create(
            "http://127.0.0.1:%d%s%s"
                .formatted(
                    fixture.app.port(),
                    target.getPath(),
                    target.getQuery() == null ? "" : "?" + target.getQuery()));
    HttpRequest.BodyPublisher body =
        method.equals("POST")
            ? HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click")
            : HttpRequest.BodyPublishers.noBody();
    try {
      return HTTP.send(
          HttpRequest.newBuilder(here)
              .method(method, body)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void tell(long sequence, String preferences) {
    fixture.publish(
        "auth",
        new Event(
            UUID.randomUUID(),
            "urn:microflow:auth",
            sequence == 1 ? "user.registered" : "user.updated",
            user,
            Instant.now(),
            sequence,
            null,
            json(
                """
                {"userId": "%s", "email": "%s@example.com", "name": "Ana", "role": "CLIENT",
                 "locale": "en", "timeZone": "UTC", "active": true,
                 "notificationPreferences": %s}
                """
                    .formatted(user, user, preferences))));
    await()
        .until(() ->
            fixture.database.withHandle(handle ->
                handle
                        .createQuery(
                            "select count(*) from tracking.recipient where user_id = ? and user_sequence = ?")
                        .bind(0, user)
                        .bind(1, sequence)
                        .mapTo(Integer.class)
                        .one()
                    == 1));
  }

  @Test
  void the_warning_that_a_password_was_changed_has_no_such_link() throws Exception {
    tell(1, "{}");
    fixture.publish(
        "auth",
        new Event(
            UUID.randomUUID(),
            "urn:microflow:auth",
            "user.password.changed",
            user,
            Instant.now(),
            2,
            null,
            json("{\"userId\": \"%s\"}".formatted(user))));

    MimeMessage mail = mails(1).getFirst();
    assertThat(mail.getHeader("List-Unsubscribe")).isNull();
  }

  private static JsonNode json(String text) {
    try {
      return Mappers.TOLERANT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private void send(String subject) {
    Api.Answer answer =
        fixture.api.post(
            "/notifications/send",
            fixture.token(Role.SUPERVISOR),
            "{\"userId\": \"%s\", \"subject\": \"%s\", \"body\": \"b\", \"channels\": [\"EMAIL\"]}"
                .formatted(user, subject));
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
  }

  private List<MimeMessage> mails(int count) {
    return await().until(this::ours, mails -> mails.size() == count);
  }

  private List<MimeMessage> ours() throws Exception {
    return Arrays.stream(fixture.mail.getReceivedMessages())
        .filter(mail -> to(mail).contains(user.toString()))
        .toList();
  }

  private static String to(MimeMessage mail) {
    try {
      return mail.getHeader("To", null);
    } catch (MessagingException e) {
      throw new AssertionError(e);
    }
  }

  private Api.Answer newest() {
    return fixture.api.get("/notifications/" + user, fixture.tokens.issue(user, Role.CLIENT));
  }

  private List<String> outcomes() {
    return newest().body().at("/items").findValuesAsText("status");
  }
}
