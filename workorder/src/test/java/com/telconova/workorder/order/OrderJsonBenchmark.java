package com.telconova.workorder.order;

import com.telconova.shared.http.Page;
import com.telconova.shared.json.Json;
import com.telconova.shared.json.Mappers;
import com.telconova.workorder.place.Position;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.Sla;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What it costs to write an order and a page of twenty as they are answered, from the row's order
/// on, and to read and check the body of a new one.
@State(Scope.Benchmark)
public class OrderJsonBenchmark {
  private static final int PAGE = 20;

  private final Instant now = Instant.parse("2026-01-31T14:00:00.123456Z");
  private final Order order =
      new Order(
          new UUID(0x0190_0000_0000_7000L, 1),
          "WO-2026-000001",
          new UUID(0x0190_0000_0000_7000L, 2),
          new WorkRequest(
              "No internet since this morning",
              "The modem's light is red; restarting it did not help.",
              WorkRequest.Category.REPAIR,
              Priority.P2,
              "NORTH",
              "Calle 93 # 11-26, Bogotá",
              new Position(4.6767, -74.0483),
              List.of(new WorkRequest.RequiredSkill("fiber", 3)),
              90,
              now.plusSeconds(3_600),
              now.plusSeconds(14_400)),
          new OrderState.Created(),
          List.of(),
          0,
          new Sla(
              now.plusSeconds(1_800),
              now.plusSeconds(7_200),
              now.plusSeconds(28_800),
              now.plusSeconds(1_350),
              now.plusSeconds(1_800),
              null,
              false,
              false),
          1,
          now,
          now);
  private final byte[] body =
      """
      {"title":"No internet since this morning",
      "description":"The modem's light is red; restarting it did not help.","category":"REPAIR",
      "priority":"P2","zone":"NORTH","address":"Calle 93 # 11-26, Bogotá","latitude":4.6767,
      "longitude":-74.0483,"requiredSkills":[{"skill":"fiber","level":3}],"estimatedMinutes":90}
      """
          .getBytes(StandardCharsets.UTF_8);

  /// What each returns is what it should be, or nothing is measured.
  @Setup
  public void check() throws IOException {
    var one = Mappers.TOLERANT.readTree(writeOne());
    var page = Mappers.TOLERANT.readTree(writePage());
    var read = ((OrderRoutes.OpenBody) readNew()).toRequest();
    if (!one.path("code").asText().equals(order.code())
        || page.path("items").size() != PAGE
        || !read.title().equals(order.request().title())) {
      throw new IllegalStateException(one + " " + page + " " + read);
    }
  }

  @Benchmark
  public byte[] writeOne() throws IOException {
    return answer(OrderView.of(order, now));
  }

  @Benchmark
  public byte[] writePage() throws IOException {
    var page = new Page<>(Collections.nCopies(PAGE, order), "next");
    return answer(page.map(one -> OrderView.of(one, now)));
  }

  /// As the service does it: a text, and then its bytes.
  private static byte[] answer(Object value) throws IOException {
    return Mappers.TOLERANT.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public Object readNew() {
    return Json.parse(body, OrderRoutes.OpenBody.class);
  }
}
