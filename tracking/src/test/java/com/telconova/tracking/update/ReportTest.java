package com.telconova.tracking.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.config.Secret;
import com.telconova.shared.json.Json;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.problem.Fault;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.tracking.participant.OrderFacts;
import com.telconova.tracking.participant.OrderStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportTest {
  private static final UUID ORDER = UUID.fromString("0198c1de-0000-7000-8000-000000000001");
  private static final UUID CUSTOMER = UUID.fromString("0198c1de-0000-7000-8000-000000000002");
  private static final UUID ANA = UUID.fromString("0198c1de-0000-7000-8000-000000000003");
  private static final OrderFacts FACTS =
      new OrderFacts(ORDER, "WO-1", "No internet", CUSTOMER, ANA, OrderStatus.ASSIGNED, 2, "P3");
  private static final Principal CALLER =
      new Principal(ANA, Role.TECHNICIAN, ORDER, Instant.EPOCH, new Secret("token"));

  @Test
  void work_started_says_on_the_wire() {
    assertThat(
            wire(
                """
                {"kind": "WORK_STARTED", "comment": " On my way ",
                 "latitude": 4.68, "longitude": -74}
                """))
        .isEqualTo(
            """
            {"orderId":"0198c1de-0000-7000-8000-000000000001",\
            "technicianId":"0198c1de-0000-7000-8000-000000000003",\
            "actorId":"0198c1de-0000-7000-8000-000000000003","actorRole":"TECHNICIAN",\
            "comment":"On my way","latitude":4.68,"longitude":-74.0}\
            """);
  }

  @Test
  void work_completed_says_on_the_wire() {
    assertThat(
            wire(
                """
                {"kind": "WORK_COMPLETED", "comment": "New cable", "minutes": 45,
                 "resolution": {"code": "CABLE_REPLACED", "outcome": "PARTIAL", "comment": "ok"}}
                """))
        .isEqualTo(
            """
            {"orderId":"0198c1de-0000-7000-8000-000000000001",\
            "technicianId":"0198c1de-0000-7000-8000-000000000003",\
            "actorId":"0198c1de-0000-7000-8000-000000000003","actorRole":"TECHNICIAN",\
            "comment":"New cable","minutes":45,\
            "resolution":{"code":"CABLE_REPLACED","outcome":"PARTIAL","comment":"ok"}}\
            """);
  }

  @Test
  void progress_says_on_the_wire_which_kind_it_is() {
    assertThat(wire("{\"kind\": \"PROGRESS\", \"percent\": 40}"))
        .isEqualTo(
            """
            {"orderId":"0198c1de-0000-7000-8000-000000000001",\
            "technicianId":"0198c1de-0000-7000-8000-000000000003",\
            "actorId":"0198c1de-0000-7000-8000-000000000003","actorRole":"TECHNICIAN",\
            "kind":"PROGRESS","percent":40}\
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | /kind",
        "{\"kind\": \"NOTE\"} | /comment",
        "{\"kind\": \"NOTE\", \"comment\": \" ab \"} | /comment",
        "{\"kind\": \"DANCE\"} | /kind",
        "{\"kind\": \"PROGRESS\", \"percent\": 101, \"minutes\": 1441} | /percent /minutes",
        "{\"kind\": \"PROGRESS\", \"percent\": 1.5} | /percent",
        "{\"kind\": \"ARRIVED\", \"latitude\": 91, \"longitude\": -181} | /latitude /longitude",
        "{\"kind\": \"ARRIVED\", \"latitude\": 4} | /longitude",
        "{\"kind\": \"ARRIVED\", \"longitude\": 4} | /latitude",
        "{\"kind\": \"WORK_COMPLETED\"} | /comment /resolution",
        "{\"kind\": \"ARRIVED\", \"resolution\": {\"code\": \"AB\", \"outcome\": \"UNABLE\"}} | /resolution",
        "{\"kind\": \"WORK_COMPLETED\", \"comment\": \"abc\", \"resolution\": {\"code\": \"a1\"}} | /resolution/code /resolution/outcome",
      })
  void every_broken_rule_is_named(String body, String pointers) {
    assertThatThrownBy(() -> parse(body))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            e ->
                assertThat(e.faults())
                    .extracting(Fault::pointer)
                    .containsExactlyInAnyOrderElementsOf(List.of(pointers.split(" "))));
  }

  @Test
  void an_unknown_field_cannot_be_read() {
    assertThatThrownBy(() -> parse("{\"kind\": \"ARRIVED\", \"speed\": 3}"))
        .isInstanceOf(Failure.BadRequest.class);
  }

  private static UpdateRoutes.UpdateBody parse(String body) {
    return Json.parse(body.getBytes(StandardCharsets.UTF_8), UpdateRoutes.UpdateBody.class);
  }

  private static String wire(String body) {
    try {
      return Mappers.TOLERANT.writeValueAsString(Report.of(FACTS, CALLER, parse(body).toUpdate()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
