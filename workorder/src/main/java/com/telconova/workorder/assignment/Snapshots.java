package com.telconova.workorder.assignment;

import com.telconova.workorder.assignment.TechnicianFacts.FixRecord;
import com.telconova.workorder.order.Order;
import com.telconova.workorder.order.WorkRequest.Category;
import com.telconova.workorder.technician.Technician;
import com.telconova.workorder.technician.TechnicianRepository;
import com.telconova.workorder.technician.Workload;
import com.telconova.workorder.technician.WorkloadRepository;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Collects what the engine needs to know, in a handful of queries however many technicians there
/// are. Technicians are read before their workload: a choice made on it holds only while their
/// `loadVersion` does.
public final class Snapshots {
  /// How many technicians are considered.
  static final int MAX_TECHNICIANS = 2_000;

  private static final int MAX_FORMER = 10_000;

  private final ZoneId zone;
  private final TechnicianRepository technicians;
  private final WorkloadRepository workloads;

  /// @param zone where a day begins
  public Snapshots(ZoneId zone, TechnicianRepository technicians, WorkloadRepository workloads) {
    this.zone = zone;
    this.technicians = technicians;
    this.workloads = workloads;
  }

  /// Every technician, as far as [#MAX_TECHNICIANS] go.
  public List<TechnicianFacts> everybody(Handle handle, Instant now) {
    return facts(handle, technicians.listAll(handle, MAX_TECHNICIANS), now);
  }

  /// One technician.
  TechnicianFacts of(Handle handle, Technician technician, Instant now) {
    return facts(handle, List.of(technician), now).getFirst();
  }

  /// These orders, each with who worked for its customer before.
  public List<OrderFacts> orders(Handle handle, List<Order> orders) {
    Map<UUID, List<UUID>> former = new HashMap<>();
    handle
        .createQuery(
            """
            select customer_id, technician_id
            from work_order
            where customer_id = any(:customers) and status = 'COMPLETED'
            group by customer_id, technician_id
            order by customer_id, max(ended_at) desc, technician_id
            limit :rows
            """)
        .bindArray(
            "customers", UUID.class, orders.stream().map(Order::customerId).distinct().toList())
        .bind("rows", MAX_FORMER)
        .map((row, _) ->
            former
                .computeIfAbsent(row.getObject("customer_id", UUID.class), _ -> new ArrayList<>())
                .add(row.getObject("technician_id", UUID.class)))
        .list();
    return orders.stream()
        .map(order -> OrderFacts.of(order, former.getOrDefault(order.customerId(), List.of())))
        .toList();
  }

  private List<TechnicianFacts> facts(Handle handle, List<Technician> known, Instant now) {
    List<UUID> ids = known.stream().map(Technician::id).toList();
    Map<UUID, Workload> loads = workloads.list(handle, ids, now, zone);
    Map<UUID, List<FixRecord>> records = records(handle, ids);
    return known.stream()
        .map(technician ->
            TechnicianFacts.of(
                technician,
                loads.get(technician.id()),
                records.getOrDefault(technician.id(), List.of())))
        .toList();
  }

  private static Map<UUID, List<FixRecord>> records(Handle handle, List<UUID> ids) {
    Map<UUID, List<FixRecord>> records = new HashMap<>();
    handle
        .createQuery(
            """
            select technician_id, category, completed, fixed
            from technician_record
            where technician_id = any(:ids)
            order by technician_id, category
            """)
        .bindArray("ids", UUID.class, ids)
        .map((row, _) ->
            records
                .computeIfAbsent(row.getObject("technician_id", UUID.class), _ -> new ArrayList<>())
                .add(
                    new FixRecord(
                        Category.valueOf(row.getString("category")),
                        row.getInt("completed"),
                        row.getInt("fixed"))))
        .list();
    return records;
  }
}
