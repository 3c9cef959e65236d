package com.telconova.workorder.technician;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import com.telconova.shared.http.Page;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.workorder.place.Position;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/// Knows the technicians: from auth's events, by asking auth where an event may still be on its
/// way, and from what supervisors and they themselves say.
public final class Technicians {
  private final Clock clock;
  private final ZoneId zone;
  private final Database database;
  private final TechnicianRepository repository;
  private final WorkloadRepository workloads;
  private final ServiceClient auth;

  /// @param zone where a day begins
  public Technicians(
      Clock clock,
      ZoneId zone,
      Database database,
      TechnicianRepository repository,
      WorkloadRepository workloads,
      ServiceClient auth) {
    this.clock = clock;
    this.zone = zone;
    this.database = database;
    this.repository = repository;
    this.workloads = workloads;
    this.auth = auth;
  }

  /// A technician and how much they have to do today.
  ///
  /// @param onShift whether a shift of theirs is on now
  /// @param assignedMinutes what is due today or was done today, as estimated
  /// @param openOrders assigned, in progress or on hold, whenever due
  /// @param workingOn the order that they are at; null when none
  record Situation(
      Technician technician, boolean onShift, int assignedMinutes, int openOrders, UUID workingOn) {
    /// What is left of today's capacity; zero when more was given to them than that.
    int remainingMinutes() {
      return Math.max(0, technician.profile().capacityMinutes() - assignedMinutes);
    }
  }

  /// The handlers by event type.
  public Map<String, EventHandler> handlers() {
    return Map.of("user.registered", this::userChanged, "user.updated", this::userChanged);
  }

  /// Makes sure that this is a technician who can be sent. What is not known, or known as inactive,
  /// is asked of auth before anybody is refused.
  ///
  /// @param token the caller's own
  /// @param pointer where the request names the technician
  /// @throws Failure.Invalid when there is no such technician
  /// @throws Failure.Conflict when they are inactive
  /// @throws Failure.Unavailable when auth must be asked and does not answer
  public void require(UUID id, Secret token, String pointer) {
    Technician technician =
        known(id)
            .filter(Technician::active)
            .or(() -> asked(id, token))
            .orElseThrow(() -> Failure.Invalid.at(pointer, "is no technician's id"));
    if (!technician.active()) {
      throw new Failure.Conflict("The technician %s is inactive.".formatted(technician.name()));
    }
  }

  /// One technician.
  ///
  /// @throws Failure.NotFound when there is none, or a technician asks for another
  Situation get(Principal caller, UUID id) {
    return find(id, caller)
        .map(technician -> situations(List.of(technician)).getFirst())
        .orElseThrow(Technicians::notFound);
  }

  /// The technicians that the caller may know of, by id.
  Page<Situation> list(Principal caller, TechnicianFilter filter, Page.Request page) {
    TechnicianFilter visible =
        caller.supervises()
            ? filter
            : new TechnicianFilter(
                caller.userId(), filter.available(), filter.zone(), filter.skill());
    Instant now = clock.instant();
    List<Technician> rows =
        database.read(handle -> repository.list(handle, visible, now, today(now), page));
    // The list is by id; a cursor needs a time, and any will do.
    Page<Technician> shown =
        Page.of(rows, page, technician -> new Page.Cursor(Instant.EPOCH, technician.id()));
    return new Page<>(situations(shown.items()), shown.nextCursor());
  }

  /// Sets the profile of a technician who has the default one.
  ///
  /// @throws Failure.Invalid when there is no such technician
  /// @throws Failure.Conflict when the profile was set before, or they are inactive
  Situation register(Principal caller, UUID id, UnaryOperator<Profile> change) {
    require(id, caller.token(), "/id");
    return change(
        id,
        technician -> {
          if (technician.profileSet()) {
            throw new Failure.Conflict(
                "This technician has a profile already; PUT /technicians/%s changes it."
                    .formatted(id));
          }
          return technician.with(change.apply(technician.profile()));
        });
  }

  /// Replaces the profile of a technician.
  ///
  /// @throws Failure.NotFound when there is no such technician
  Situation update(Principal caller, UUID id, UnaryOperator<Profile> change) {
    find(id, caller).orElseThrow(Technicians::notFound);
    return change(id, technician -> technician.with(change.apply(technician.profile())));
  }

  /// Notes whether a technician takes work now, and where they are.
  ///
  /// @param position null: where they were before
  /// @throws Failure.NotFound when there is none, or a technician speaks for another
  Situation present(Principal caller, UUID id, boolean available, Position position) {
    find(id, caller).orElseThrow(Technicians::notFound);
    return change(
        id, technician -> technician.present(technician.profile().present(available, position)));
  }

  private Situation change(UUID id, UnaryOperator<Technician> change) {
    Technician changed =
        database.inTransaction(handle -> {
          Technician technician =
              repository.lock(handle, id).map(change).orElseThrow(Technicians::notFound);
          Shift shift = technician.profile().shift();
          if (shift != null && !repository.knows(handle, shift.timeZone())) {
            throw Failure.Invalid.at("/shift/timeZone", "is not a time zone that we know");
          }
          repository.updateProfile(handle, technician);
          return technician;
        });
    return situations(List.of(changed)).getFirst();
  }

  private List<Situation> situations(List<Technician> technicians) {
    if (technicians.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    LocalDate today = today(now);
    List<UUID> ids = technicians.stream().map(Technician::id).toList();
    Map<UUID, Workload> loads = database.read(handle -> workloads.list(handle, ids, now, zone));
    return technicians.stream()
        .map(technician -> {
          Workload load = loads.get(technician.id());
          return new Situation(
              technician,
              technician.profile().onShift(now),
              load.minutesOn(today, today, zone),
              load.open().size(),
              load.workingOn().orElse(null));
        })
        .toList();
  }

  private Optional<Technician> find(UUID id, Principal caller) {
    return caller.supervises() || caller.userId().equals(id)
        ? known(id).or(() -> asked(id, caller.token()))
        : Optional.empty();
  }

  private Optional<Technician> known(UUID id) {
    return database.read(handle -> repository.find(handle, id));
  }

  /// As auth knows them now; noted, unless an event told of something newer.
  private Optional<Technician> asked(UUID id, Secret token) {
    return auth.get("/users/" + id, token, User.class)
        .filter(user -> user.role() == Role.TECHNICIAN)
        .map(user ->
            database.inTransaction(handle -> {
              repository.upsertUser(handle, id, user.name(), user.active(), 0);
              return repository.find(handle, id).orElseThrow().known(user.name(), user.active());
            }));
  }

  private LocalDate today(Instant now) {
    return now.atZone(zone).toLocalDate();
  }

  private static Failure.NotFound notFound() {
    return new Failure.NotFound("There is no technician with this id.");
  }

  private record User(UUID id, String name, Role role, boolean active) {}

  private record UserChanged(UUID userId, String name, Role role, boolean active) {}

  /// A user who is no technician is noted only when they may have been one: an update may tell of
  /// the end of a technician whose registration is still on its way.
  private void userChanged(Handle handle, Event event) {
    UserChanged user = event.data(UserChanged.class);
    boolean technician = user.role() == Role.TECHNICIAN;
    if (technician || event.type().equals("user.updated")) {
      repository.upsertUser(
          handle, event.subject(), user.name(), technician && user.active(), event.sequence());
    }
  }
}
