package com.telconova.workorder.technician;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.Event;
import com.telconova.shared.event.EventHandler;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.token.Role;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Knows the technicians: from auth's events, and by asking auth where an event may still be on its
/// way.
public final class Technicians {
  private final Database database;
  private final TechnicianRepository repository;
  private final ServiceClient auth;

  public Technicians(Database database, TechnicianRepository repository, ServiceClient auth) {
    this.database = database;
    this.repository = repository;
    this.auth = auth;
  }

  /// The handlers by event type.
  public Map<String, EventHandler> handlers() {
    return Map.of("user.registered", this::userChanged, "user.updated", this::userChanged);
  }

  /// Makes sure that this is a technician who can be sent. What is not known, or known as inactive,
  /// is asked of auth before anybody is refused.
  ///
  /// @param token the caller's own
  /// @throws Failure.Invalid when there is no such technician
  /// @throws Failure.Conflict when they are inactive
  /// @throws Failure.Unavailable when auth must be asked and does not answer
  public void require(UUID id, Secret token) {
    Optional<Technician> known = database.read(handle -> repository.find(handle, id));
    if (known.filter(Technician::active).isPresent()) {
      return;
    }
    Technician technician =
        auth.get("/users/" + id, token, User.class)
            .filter(user -> user.role() == Role.TECHNICIAN)
            .map(user -> new Technician(user.id(), user.name(), user.active()))
            .orElseThrow(() -> Failure.Invalid.at("/technicianId", "is no technician's id"));
    if (!technician.active()) {
      throw new Failure.Conflict("The technician %s is inactive.".formatted(technician.name()));
    }
    database.useTransaction(handle -> repository.upsert(handle, technician, 0));
  }

  private record User(UUID id, String name, Role role, boolean active) {}

  private record UserChanged(UUID userId, String name, Role role, boolean active) {}

  /// A user who is no technician is noted only when they may have been one: an update may tell of
  /// the end of a technician whose registration is still on its way.
  private void userChanged(Handle handle, Event event) {
    UserChanged user = event.data(UserChanged.class);
    boolean technician = user.role() == Role.TECHNICIAN;
    if (technician || event.type().equals("user.updated")) {
      repository.upsert(
          handle,
          new Technician(event.subject(), user.name(), technician && user.active()),
          event.sequence());
    }
  }
}
