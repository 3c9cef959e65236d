package com.telconova.workorder.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.OrderState;
import com.telconova.workorder.order.Resolution;
import com.telconova.workorder.order.WorkRequest;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.SlaState;
import java.time.Instant;
import java.util.UUID;

/// An order as a line of a spreadsheet; the fields are the columns, in this order.
@JsonPropertyOrder({
  "id",
  "code",
  "customerId",
  "title",
  "description",
  "category",
  "priority",
  "zone",
  "address",
  "latitude",
  "longitude",
  "estimatedMinutes",
  "windowStart",
  "windowEnd",
  "status",
  "technicianId",
  "createdAt",
  "updatedAt",
  "endedAt",
  "assignBy",
  "arriveBy",
  "resolveBy",
  "slaState",
  "resolutionCode",
  "resolutionOutcome"
})
record CsvRow(
    UUID id,
    String code,
    UUID customerId,
    String title,
    String description,
    WorkRequest.Category category,
    Priority priority,
    String zone,
    String address,
    Double latitude,
    Double longitude,
    int estimatedMinutes,
    Instant windowStart,
    Instant windowEnd,
    String status,
    UUID technicianId,
    Instant createdAt,
    Instant updatedAt,
    Instant endedAt,
    Instant assignBy,
    Instant arriveBy,
    Instant resolveBy,
    SlaState slaState,
    String resolutionCode,
    Resolution.Outcome resolutionOutcome) {
  /// What makes a spreadsheet take a text for a formula (OWASP, CSV injection).
  private static final String FORMULA = "=+-@\t\r\n";

  static CsvRow of(Order order, Instant now) {
    WorkRequest request = order.request();
    Resolution resolution =
        order.state() instanceof OrderState.Completed completed ? completed.resolution() : null;
    return new CsvRow(
        order.id(),
        order.code(),
        order.customerId(),
        text(request.title()),
        text(request.description()),
        request.category(),
        request.priority(),
        text(request.zone()),
        text(request.address()),
        request.position() == null ? null : request.position().latitude(),
        request.position() == null ? null : request.position().longitude(),
        request.estimatedMinutes(),
        request.windowStart(),
        request.windowEnd(),
        order.state().status().name(),
        order.state().technician().orElse(null),
        order.createdAt(),
        order.updatedAt(),
        order.state().endedAt().orElse(null),
        order.sla().assignBy(),
        order.sla().arriveBy(),
        order.sla().resolveBy(),
        order.sla().state(now),
        resolution == null ? null : resolution.code(),
        resolution == null ? null : resolution.outcome());
  }

  /// A text that stays one in a spreadsheet.
  static String text(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }
}
