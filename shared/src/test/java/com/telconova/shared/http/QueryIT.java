package com.telconova.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.shared.token.Role;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryIT {
  private static House house;

  enum Status {
    OPEN,
    DONE
  }

  record Row(Instant time, UUID id, int number) {}

  /// Ten rows; pairs of them share a time, so that the id has to break ties.
  private static final List<Row> ROWS =
      IntStream.range(0, 10)
          .mapToObj(n -> new Row(Instant.EPOCH.plusNanos(n / 2 * 1_000L), new UUID(0, n), n))
          .toList();

  @BeforeAll
  static void start() {
    house = new House(QueryIT::routes);
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/rows", QueryIT::list, Role.ANYONE);
    routes.get("/rows/{id}", ctx -> ctx.json(Requests.id(ctx, "id")), Role.ANYONE);
    routes.put("/rows/{id}", QueryIT::put, Role.ANYONE);
  }

  private static void list(Context ctx) {
    Query query = Query.of(ctx, "limit", "cursor", "status", "owner", "from", "q");
    Page.Request page = query.page();
    query.oneOf("status", Status.class);
    query.uuid("owner");
    query.time("from");
    query.text("q", 5);
    query.check();
    List<Row> rows =
        ROWS.stream().filter(row -> isAfter(row, page.after())).limit(page.rows()).toList();
    ctx.json(Page.of(rows, page, row -> new Page.Cursor(row.time(), row.id())).map(Row::number));
  }

  private static boolean isAfter(Row row, Page.Cursor cursor) {
    if (cursor == null) {
      return true;
    }
    int byTime = row.time().compareTo(cursor.time());
    return byTime > 0 || (byTime == 0 && row.id().compareTo(cursor.id()) > 0);
  }

  private static void put(Context ctx) {
    Long version = Requests.ifMatch(ctx);
    Requests.etag(ctx, version == null ? 1 : version + 1);
  }

  @Test
  void paging_shows_every_row_once_and_ends_without_a_cursor() {
    JsonNode first = House.json(house.get("/rows?limit=3"));
    JsonNode second = House.json(house.get("/rows?limit=3&cursor=" + cursor(first)));
    JsonNode third = House.json(house.get("/rows?limit=4&cursor=" + cursor(second)));

    assertThat(first.path("items").toString()).isEqualTo("[0,1,2]");
    assertThat(second.path("items").toString()).isEqualTo("[3,4,5]");
    assertThat(third.path("items").toString()).isEqualTo("[6,7,8,9]");
    assertThat(third.has("nextCursor")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=ten",
        "limit=1.0",
        "limit=99999999999",
        "limit=",
        "limit=1&limit=2",
        "cursor=",
        "cursor=x",
        "cursor=!!!",
        "cursor=AAAA",
        "cursor=__________________________________________________",
        "cursor=f_________________________8AAAAAAAAAAAA",
        "status=open",
        "status=",
        "status=0",
        "owner=1",
        "owner=",
        "owner=1-1-1-1-1",
        "from=2026-01-31",
        "from=1234567890",
        "from=",
        "from=%2B999999999-01-01T00:00:00Z",
        "q=",
        "q=%20",
        "q=123456",
        "q=%00",
        "q=%zz",
        "q=%",
        "q=%ff",
        "%zz=1",
        "nope=1",
        "=1",
        "limit[]=1",
      })
  void a_parameter_that_is_wrong_or_unknown_is_a_bad_request(String query) {
    String answer = house.raw("GET /rows?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("urn:microflow:problem:bad-request");
  }

  @Test
  void every_wrong_parameter_is_named_at_once() {
    JsonNode errors =
        House.json(house.get("/rows?limit=0&status=x&owner=x&from=x&q=&nope=1&cursor=x"))
            .path("errors");

    assertThat(errors.findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("limit", "status", "owner", "from", "q", "nope", "cursor");
  }

  @Test
  void good_parameters_are_taken() {
    HttpResponse<String> response =
        house.get(
            "/rows?limit=100&status=OPEN&owner="
                + new UUID(1, 2)
                + "&from=2026-01-31T09:00:00-05:00&q=%C3%B1a+b");

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1-1-1-1-1", "018f4e3a-0000-7000-8000-00000000000g", "null", "'"})
  void an_id_that_is_none_is_not_found(String id) {
    assertThat(house.get("/rows/" + id).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      textBlock =
          """
          '"3"', 200, '"4"'
          ' "3" ', 200, '"4"'
          '*', 200, '"1"'
          '3', 412,
          'W/"3"', 412,
          '""', 412,
          '"-1"', 412,
          '"3", "4"', 412,
          '"9999999999999999999"', 412,
          """)
  void if_match_takes_one_strong_tag_or_a_star(String tag, int status, String next) {
    HttpResponse<String> response =
        house.send("PUT", "/rows/" + new UUID(1, 2), "{}", "If-Match", tag);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("ETag").orElse(null)).isEqualTo(next);
  }

  private static String cursor(JsonNode page) {
    return page.path("nextCursor").asText();
  }
}
