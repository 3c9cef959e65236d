package com.telconova.tracking.participant;

import com.telconova.shared.database.Database;
import com.telconova.shared.database.Message;
import com.telconova.shared.database.Write;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Decides who may see an order: its customer, its technician, and whoever supervises.
public final class Participants {
  private final Database database;
  private final Workorder workorder;
  private final OrderRepository orders = new OrderRepository();

  public Participants(Database database, Workorder workorder) {
    this.database = database;
    this.workorder = workorder;
  }

  /// The order, if the caller takes part in it or supervises.
  ///
  /// Events may be late: an order that none has told of, and a technician whom none has named, are
  /// asked of workorder before they are refused.
  ///
  /// @throws Failure.NotFound when there is no such order or the caller may not know of it
  /// @throws Failure.Unavailable when only workorder could tell and it does not answer
  public OrderFacts require(UUID orderId, Principal caller) {
    OrderFacts order =
        database
            .read(handle -> orders.find(handle, orderId))
            .filter(known -> maySee(known, caller) || caller.role() != Role.TECHNICIAN)
            .orElseGet(() -> ask(orderId, caller));
    if (!maySee(order, caller)) {
      throw notFound();
    }
    return order;
  }

  /// Takes over what an event says of an order, unless newer facts are here already.
  public void apply(Handle handle, OrderFacts facts) {
    Write.together(handle, orders.upserting(facts));
  }

  /// As the other, in a message to be sent.
  ///
  /// @return how urgent the order is now; nothing while nobody said
  public Message.Found<String> apply(Message message, OrderFacts facts) {
    orders.upserting(facts).forEach(message::add);
    return orders.findPriority(message, facts.id());
  }

  /// What is known of these orders, by id; those no event told of are left out.
  public Map<UUID, OrderFacts> known(Handle handle, Collection<UUID> ids) {
    return ids.isEmpty() ? Map.of() : orders.list(handle, ids);
  }

  private OrderFacts ask(UUID orderId, Principal caller) {
    OrderFacts facts = workorder.find(orderId, caller.token()).orElseThrow(Participants::notFound);
    database.useTransactionApart(handle -> apply(handle, facts));
    return facts;
  }

  /// Whether an order is anything to the caller.
  public static boolean maySee(OrderFacts order, Principal caller) {
    return caller.supervises()
        || (caller.role() == Role.CLIENT && caller.userId().equals(order.customerId()))
        || (caller.role() == Role.TECHNICIAN && caller.userId().equals(order.technicianId()));
  }

  private static Failure.NotFound notFound() {
    return new Failure.NotFound("There is no order with this id.");
  }
}
