package com.telconova.workorder.dispatch;

import com.telconova.workorder.assignment.OrderFacts;
import com.telconova.workorder.assignment.Policy;
import com.telconova.workorder.assignment.TechnicianFacts;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/// Everything a plan follows from.
///
/// @param zone where a day begins
/// @param orders the most urgent first
public record Task(
    Instant now,
    ZoneId zone,
    Policy policy,
    List<OrderFacts> orders,
    List<TechnicianFacts> technicians) {
  public Task {
    orders = List.copyOf(orders);
    technicians = List.copyOf(technicians);
  }
}
