package com.telconova.auth.account;

import com.telconova.auth.account.Accounts.NewAccount;
import com.telconova.auth.password.PasswordRules;
import com.telconova.shared.config.Secret;
import com.telconova.shared.problem.Faults;

/// The fields of a new account as requests have them; each may be null.
public record AccountFields(String email, String password, ProfileFields profile) {
  /// Adds what is wrong to `faults`.
  public void check(Faults faults) {
    faults.present("/email", email);
    faults.require(email == null || Email.find(email).isPresent(), "/email", Email.RULE);
    PasswordRules.check(faults, "/password", password, email, profile.name());
    faults.present("/name", profile.name());
    profile.check(faults);
  }

  /// @throws java.util.NoSuchElementException unless [#check] found nothing
  public NewAccount as(UserRole role) {
    return new NewAccount(
        Email.find(email).orElseThrow(), new Secret(password), profile.first(), role);
  }
}
