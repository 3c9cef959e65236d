package com.telconova.workorder.assignment;

import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.technician.Commitment;
import com.telconova.workorder.technician.Profile;
import com.telconova.workorder.technician.Technician;
import com.telconova.workorder.technician.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// What the engine knows of a technician.
///
/// @param loadVersion grows with each order they are given; a decision holds only while it stands
/// @param lastAssignedAt null: never
/// @param records how they fared, by category
public record TechnicianFacts(
    UUID id,
    String name,
    boolean active,
    Profile profile,
    Workload workload,
    long loadVersion,
    Instant lastAssignedAt,
    List<FixRecord> records) {
  /// How often work of a category was done, and how often at the first visit.
  public record FixRecord(Category category, int completed, int fixed) {}

  public TechnicianFacts {
    records = List.copyOf(records);
  }

  static TechnicianFacts of(Technician technician, Workload workload, List<FixRecord> records) {
    return new TechnicianFacts(
        technician.id(),
        technician.name(),
        technician.active(),
        technician.profile(),
        workload,
        technician.loadVersion(),
        technician.lastAssignedAt(),
        records);
  }

  /// The same once they were given this order as well.
  public TechnicianFacts given(OrderFacts order, Instant now) {
    List<Commitment> open = new ArrayList<>(workload.open());
    open.add(
        new Commitment(
            order.id(),
            order.estimatedMinutes(),
            order.zone(),
            order.position(),
            order.windowStart(),
            order.windowEnd(),
            null,
            false));
    // By id, as they are read: what waits is done in that order, however it came to be given.
    open.sort(Comparator.comparing(Commitment::orderId));
    return new TechnicianFacts(
        id,
        name,
        active,
        profile,
        new Workload(open, workload.completedMinutes()),
        loadVersion + 1,
        now,
        records);
  }

  /// The share of first visits that solved the problem, in percent; half for who is new.
  int firstTimeFixPercent(Category category) {
    int completed = 0;
    int fixed = 0;
    for (FixRecord each : records) {
      if (each.category() == category) {
        completed += each.completed();
        fixed += each.fixed();
      }
    }
    return 100 * (fixed + 1) / (completed + 2);
  }
}
