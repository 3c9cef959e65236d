package com.telconova.auth.account;

import com.telconova.shared.token.Role;
import java.util.Arrays;

/// The roles that an account can have. Its name is the `roles` of the account's tokens.
public enum UserRole {
  /// A customer (cliente).
  CLIENT,
  /// A field technician (técnico).
  TECHNICIAN,
  /// Runs the field.
  SUPERVISOR,
  /// Whatever a supervisor may, and users.
  ADMIN;

  /// Everybody with an account, as a route table says it.
  public static Role[] everyUser() {
    return Arrays.stream(values()).map(role -> Role.valueOf(role.name())).toArray(Role[]::new);
  }
}
