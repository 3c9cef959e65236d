package com.telconova.auth.account;

/// The roles that an account can have. Its name is the `roles` of the account's tokens.
public enum UserRole {
  /// A customer (cliente).
  CLIENT,
  /// A field technician (técnico).
  TECHNICIAN,
  /// Runs the field.
  SUPERVISOR,
  /// Whatever a supervisor may, and users.
  ADMIN
}
