package com.telconova.workorder.assignment;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/// Everything a ranking follows from.
///
/// @param zone where a day begins
public record Inputs(
    Instant now, ZoneId zone, Policy policy, OrderFacts order, List<TechnicianFacts> technicians) {
  public Inputs {
    technicians = List.copyOf(technicians);
  }
}
