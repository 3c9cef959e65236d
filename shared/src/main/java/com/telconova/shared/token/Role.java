package com.telconova.shared.token;

import io.javalin.security.RouteRole;

/// Who may do what. The route tables name these beside each path.
public enum Role implements RouteRole {
  /// No token needed. Nobody has this role.
  ANYONE,
  /// A customer (cliente): their own orders.
  CLIENT,
  /// A field technician (técnico): the orders assigned to them.
  TECHNICIAN,
  /// Runs the field: every order.
  SUPERVISOR,
  /// Whatever a supervisor may, and users.
  ADMIN,
  /// One of our own processes.
  SERVICE
}
