package com.telconova.workorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Api;
import com.telconova.shared.token.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class OrderUpdateIT {
  private static WorkorderFixture fixture;
  private static Api api;

  @BeforeAll
  static void start() {
    fixture = WorkorderFixture.start();
    api = fixture.api;
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void an_update_replaces_what_it_names_and_leaves_the_rest() {
    String client = fixture.token(Role.CLIENT);
    String id = fixture.open(client);

    Api.Answer updated =
        api.put(
            "/orders/" + id,
            client,
            body("P3", ", \"latitude\": 4.6, \"longitude\": -74.1"),
            "If-Match",
            "\"1\"");
    Api.Answer same =
        api.put(
            "/orders/" + id,
            client,
            body("P3", ", \"latitude\": 4.6, \"longitude\": -74.1"),
            "If-Match",
            "\"2\"");

    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.header("ETag")).isEqualTo("\"2\"");
    assertThat(updated.text("/title")).isEqualTo("Still no internet");
    assertThat(updated.text("/zone")).isEqualTo("BOG-SUR");
    assertThat(updated.text("/latitude")).isEqualTo("4.6");
    assertThat(updated.text("/category")).isEqualTo("REPAIR");
    assertThat(updated.text("/estimatedMinutes")).isEqualTo("60");
    assertThat(same.header("ETag")).as("nothing changed").isEqualTo("\"2\"");
    assertThat(fixture.events(id)).containsExactly("order.created");
    assertThat(api.get("/orders/" + id + "/history", client).body().at("/items/1/changed"))
        .hasToString(
            "[\"title\",\"description\",\"priority\",\"zone\",\"address\",\"latitude\",\"longitude\"]");
  }

  @Test
  void an_update_says_on_which_version_it_was_made() {
    String client = fixture.token(Role.CLIENT);
    String id = fixture.open(client);

    assertThat(api.put("/orders/" + id, client, body("P3", "")).status()).isEqualTo(428);
    assertThat(put(id, client, "P3", "\"7\"").status()).isEqualTo(412);
    assertThat(put(id, client, "P3", "7").status()).isEqualTo(412);
    assertThat(put(id, client, "P3", "*").status()).isEqualTo(200);
  }

  @Test
  void a_client_updates_their_own_order_until_it_is_assigned_and_never_to_P1() {
    UUID client = UUID.randomUUID();
    String token = fixture.tokens.issue(client, Role.CLIENT);
    String supervisor = fixture.token(Role.SUPERVISOR);
    String id = fixture.open(token);

    assertThat(put(id, fixture.token(Role.CLIENT), "P3", "*").status()).isEqualTo(404);
    assertThat(put(id, fixture.token(Role.TECHNICIAN), "P3", "*").status()).isEqualTo(403);
    assertThat(put(id, token, "P1", "*").status()).isEqualTo(403);
    assertThat(put(id, supervisor, "P1", "*").text("/priority")).isEqualTo("P1");
    assertThat(put(id, token, "P1", "*").status()).as("it is P1 already").isEqualTo(200);

    fixture.assign(id, fixture.knownTechnician());
    assertThat(put(id, token, "P1", "*").status()).isEqualTo(403);
    assertThat(put(id, supervisor, "P2", "*").status()).isEqualTo(200);

    api.put(
        "/orders/" + id + "/status", token, "{\"status\": \"CANCELLED\", \"reason\": \"works\"}");
    assertThat(put(id, supervisor, "P3", "*").status()).isEqualTo(409);
  }

  @Test
  void history_tells_who_did_what_when_and_why_page_by_page() {
    UUID client = UUID.randomUUID();
    UUID ana = fixture.knownTechnician();
    String token = fixture.tokens.issue(client, Role.CLIENT);
    String technician = fixture.tokens.issue(ana, Role.TECHNICIAN);
    String id = fixture.open(token);
    fixture.assign(id, ana);
    status(id, technician, "{\"status\": \"IN_PROGRESS\"}");
    status(id, technician, "{\"status\": \"ON_HOLD\", \"reasonCode\": \"PARTS\"}");
    status(
        id, fixture.token(Role.ADMIN), "{\"status\": \"CANCELLED\", \"reason\": \"moved away\"}");

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      Api.Answer page = api.get("/orders/" + id + "/history?limit=2" + cursor, token);
      page.body()
          .at("/items")
          .forEach(item ->
              seen.add(
                  "%s %s %s→%s %s%s%s"
                      .formatted(
                          item.at("/version").asText(),
                          item.at("/actor/role").asText(),
                          item.at("/from").asText("-"),
                          item.at("/to").asText(),
                          item.at("/technicianId").asText().equals(ana.toString()) ? "Ana " : "",
                          item.at("/reasonCode").asText(),
                          item.at("/reason").asText())));
      cursor = page.text("/nextCursor") == null ? null : "&cursor=" + page.text("/nextCursor");
    } while (cursor != null);

    assertThat(seen)
        .containsExactly(
            "1 CLIENT -→CREATED ",
            "2 SUPERVISOR CREATED→ASSIGNED Ana ",
            "3 TECHNICIAN ASSIGNED→IN_PROGRESS Ana ",
            "4 TECHNICIAN IN_PROGRESS→ON_HOLD Ana PARTS",
            "5 ADMIN ON_HOLD→CANCELLED Ana moved away");
    assertThat(api.get("/orders/" + id + "/history", fixture.token(Role.CLIENT)).status())
        .isEqualTo(404);
  }

  @Test
  void a_search_finds_parts_of_words_whatever_the_capitals_and_accents() {
    String client = fixture.token(Role.CLIENT);
    String id = fixture.open(client);
    api.put(
        "/orders/" + id,
        client,
        """
        {"title": "Instalación 100%", "description": "Fibra a_b", "priority": "P3",
         "zone": "BOG-SUR", "address": "Avenida Jiménez # 4-30"}
        """,
        "If-Match",
        "*");
    String code = api.get("/orders/" + id, client).text("/code");

    for (String found : List.of("INSTALACION", "jimene", "%23%204-30", "100%25", "a_b", code)) {
      assertThat(search(client, found)).as(found).isEqualTo(1);
    }
    for (String missed : List.of("nothing", "%25%25%25", "a%25b", "b__", "%5C%5C%5C")) {
      assertThat(search(client, missed)).as(missed).isZero();
    }
    assertThat(api.get("/orders?q=ab", client).status()).isEqualTo(400);
  }

  private static int search(String token, String text) {
    return api.get("/orders?q=" + text, token).body().at("/items").size();
  }

  private static Api.Answer put(String id, String token, String priority, String version) {
    return api.put("/orders/" + id, token, body(priority, ""), "If-Match", version);
  }

  private static Api.Answer status(String id, String token, String body) {
    return api.put("/orders/" + id + "/status", token, body);
  }

  private static String body(String priority, String more) {
    return """
    {"title": "Still no internet", "description": "Since Monday", "priority": "%s",
     "zone": "BOG-SUR", "address": "Carrera 7 # 12-34"%s}
    """
        .formatted(priority, more);
  }
}
