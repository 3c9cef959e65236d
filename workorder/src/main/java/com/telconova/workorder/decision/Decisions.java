package com.telconova.workorder.decision;

import com.telconova.shared.database.Database;
import com.telconova.shared.http.Page;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.workorder.assignment.DecisionRepository;
import com.telconova.workorder.assignment.DecisionRepository.Given;
import com.telconova.workorder.assignment.DecisionRepository.Kept;
import com.telconova.workorder.order.Orders;
import java.util.UUID;

/// Looks up why an order was given to whom.
public final class Decisions {
  private final Database database;
  private final Orders orders;
  private final DecisionRepository repository;

  public Decisions(Database database, Orders orders, DecisionRepository repository) {
    this.database = database;
    this.orders = orders;
    this.repository = repository;
  }

  /// The decisions by which an order was given to somebody, oldest first.
  ///
  /// @throws Failure.NotFound when there is no such order
  Page<Given> list(Principal caller, UUID order, Page.Request page) {
    orders.get(caller, order);
    long after = page.after() == null ? 0 : page.after().id().getLeastSignificantBits();
    return Page.of(
        database.read(handle -> repository.list(handle, order, after, page.rows())),
        page,
        given -> new Page.Cursor(given.decidedAt(), new UUID(0, given.version())));
  }

  /// One decision.
  ///
  /// @throws Failure.NotFound when there is none
  Kept get(UUID id) {
    return database
        .read(handle -> repository.find(handle, id))
        .orElseThrow(() -> new Failure.NotFound("There is no decision with this id."));
  }
}
