package com.telconova.auth.account;

import com.telconova.auth.account.AccountRepository.Row;
import com.telconova.auth.account.Accounts.NewAccount;
import com.telconova.auth.audit.Caller;
import com.telconova.auth.audit.Origin;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseFaults;
import com.telconova.shared.lifecycle.CannotStart;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/// Somebody must be there to create the others: the first ADMIN comes from the configuration.
public final class FirstAdmin {
  private static final String NAME = "Administrator";

  private final Database database;
  private final Accounts accounts;
  private final AccountRepository repository = new AccountRepository();

  /// How the first ADMIN will log in.
  public record Credentials(Email email, Secret password) {}

  public FirstAdmin(Database database, Accounts accounts) {
    this.database = database;
    this.accounts = accounts;
  }

  /// Creates the ADMIN unless there is one: one, however many instances start at once. From then on
  /// the configuration is not looked at any more, so a password changed later stays changed.
  ///
  /// @throws CannotStart when there is none and none is configured, or the address is somebody
  ///   else's
  public void require(Optional<Credentials> configured) {
    if (database.atStart(repository::anyAdmin)) {
      return;
    }
    Credentials credentials =
        configured.orElseThrow(() ->
            new CannotStart(
                "There is no ADMIN yet: set ADMIN_EMAIL and ADMIN_PASSWORD to create the first.",
                null));
    Profile profile = new ProfileFields(NAME, null, null, null, null).first();
    Row row =
        accounts.prepare(
            new NewAccount(credentials.email(), credentials.password(), profile, UserRole.ADMIN));
    try {
      database.atStart(handle -> {
        repository.lockAdmins(handle);
        if (!repository.anyAdmin(handle)) { // somebody may have been faster
          accounts.insert(handle, row, Caller.anonymous(Origin.INTERNAL));
        }
        return null;
      });
    } catch (JdbiException e) {
      if (DatabaseFaults.violates(e, AccountRepository.UNIQUE_EMAIL)) {
        throw new CannotStart(
            "There is no ADMIN yet, and ADMIN_EMAIL already belongs to somebody with another role: set another address.",
            e);
      }
      throw e;
    }
  }
}
