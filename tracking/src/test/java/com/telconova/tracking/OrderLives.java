package com.telconova.tracking;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.uuid.UuidCreator;
import com.telconova.shared.event.Event;
import com.telconova.shared.json.Mappers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/// The events of many orders, each a walk at random along the ways that workorder's rules leave
/// open: assigned, handed on, given back, begun, held, refused, late, completed or cancelled.
/// Events of one change share its time and version, as they do in workorder.
public final class OrderLives {
  private final int mostChanges;
  private final Random random;
  private final List<UUID> technicians = new ArrayList<>();
  private final List<UUID> supervisors = new ArrayList<>();

  /// @param seed the same one gives the same lives, but for their ids
  /// @param mostChanges after which nothing more happens to an order; until half of them it does
  ///   not end either
  public OrderLives(long seed, int mostChanges) {
    this.mostChanges = mostChanges;
    random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      technicians.add(UUID.randomUUID());
      supervisors.add(UUID.randomUUID());
    }
  }

  /// Orders one after another until they have so many events, at least.
  ///
  /// @return each order's events in the order in which they happened
  public List<List<Event>> until(int events) {
    List<List<Event>> lives = new ArrayList<>();
    for (int count = 0; count < events; count += lives.getLast().size()) {
      lives.add(new Life(lives.size()).live());
    }
    return lives;
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private final class Life {
    private final UUID order = UuidCreator.getTimeOrderedEpoch();
    private final UUID customer = UUID.randomUUID();
    private final String code;
    private final List<Event> events = new ArrayList<>();
    private Instant time;
    private String status = "CREATED";
    private UUID technician;
    private String priority = any(List.of("P1", "P2", "P3", "P4"));
    private long version = 1;

    Life(int number) {
      code = "WO-2026-%06d".formatted(number + 1);
      time = Instant.parse("2026-03-02T13:00:00.000123Z").plusSeconds(number);
    }

    List<Event> live() {
      add(
          "order.created",
          customer,
          "CLIENT",
          facts()
              .put("priority", priority)
              .put("category", "REPAIR")
              .put("zone", "BOG-NORTE")
              .put("address", "Calle 100 # 8-60")
              .put("description", "Since noon"));
      for (int i = 0; i < mostChanges && !hasEnded(); i++) {
        time = time.plus(Duration.ofMillis(1 + random.nextInt(600_000)));
        step(random.nextInt(100), i >= mostChanges / 2);
      }
      return events;
    }

    private boolean hasEnded() {
      return status.equals("COMPLETED") || status.equals("CANCELLED");
    }

    private void step(int chance, boolean mayEnd) {
      if (chance < 8) {
        refused();
      } else if (chance < 16) {
        late(chance % 2 == 0 ? "sla.warning" : "sla.breached");
      } else if (chance < 20 && mayEnd) {
        move("CANCELLED");
      } else {
        switch (status) {
          case "CREATED" -> assign();
          case "ASSIGNED" -> {
            if (chance < 35) {
              assign();
            } else {
              move(chance < 45 ? "CREATED" : "IN_PROGRESS");
            }
          }
          case "IN_PROGRESS" -> move(chance < 65 || !mayEnd ? "ON_HOLD" : "COMPLETED");
          default -> move("IN_PROGRESS");
        }
      }
    }

    private void assign() {
      UUID previous = technician;
      String from = status;
      technician = any(technicians);
      status = "ASSIGNED";
      if (random.nextInt(3) == 0) { // edited meanwhile, which no event tells
        priority = any(List.of("P1", "P2", "P3", "P4"));
        version++;
      }
      version++;
      for (String type : List.of("order.assigned", "technician.assigned")) {
        ObjectNode data = facts().put("reason", "Nearest with fiber");
        if (previous != null) {
          data.put("previousTechnicianId", previous.toString());
        }
        if (type.equals("technician.assigned")) {
          data.put("priority", priority)
              .put("category", "REPAIR")
              .put("zone", "BOG-NORTE")
              .put("address", "Calle 100 # 8-60");
        }
        add(type, any(supervisors), "SUPERVISOR", data);
      }
      changed(from);
    }

    private void move(String to) {
      String from = status;
      status = to;
      version++;
      if (to.equals("CREATED")) {
        technician = null;
      }
      changed(from);
      if (to.equals("COMPLETED")) {
        ObjectNode data = facts();
        data.putObject("resolution").put("code", "CABLE_REPLACED").put("outcome", "RESOLVED");
        add("order.completed", technician, "TECHNICIAN", data);
      } else if (to.equals("CANCELLED")) {
        add("order.cancelled", customer, "CLIENT", facts().put("reason", "Works again"));
      }
    }

    private void changed(String from) {
      ObjectNode data = facts().put("from", from).put("to", status);
      if (status.equals("ON_HOLD")) {
        data.put("reasonCode", "PARTS");
      }
      add("order.status_changed", any(supervisors), "SUPERVISOR", data);
    }

    private void refused() {
      ObjectNode data =
          facts().put("from", status).put("to", "COMPLETED").put("detail", "Not yet.");
      data.putArray("allowedTransitions").add("CANCELLED");
      add("order.transition_refused", any(technicians), "TECHNICIAN", data);
    }

    private void late(String type) {
      add(type, null, null, facts().put("target", "ARRIVE").put("dueAt", "2026-03-02T18:00:00Z"));
    }

    private ObjectNode facts() {
      ObjectNode facts =
          Mappers.TOLERANT
              .createObjectNode()
              .put("orderId", order.toString())
              .put("code", code)
              .put("title", "No internet")
              .put("customerId", customer.toString());
      if (technician != null) {
        facts.put("technicianId", technician.toString());
      }
      return facts.put("status", status).put("version", version);
    }

    private void add(String type, UUID actor, String role, ObjectNode data) {
      if (actor != null) {
        data.put("actorId", actor.toString()).put("actorRole", role);
      }
      events.add(
          new Event(
              UuidCreator.getTimeOrderedEpoch(),
              "urn:microflow:workorder",
              type,
              order,
              time,
              events.size() + 1,
              null,
              data));
    }
  }
}
