package com.telconova.auth.audit;

import java.util.Arrays;

/// What is kept of, under a name that stays.
public enum Act {
  /// The account was made, by whoever it is for or by an ADMIN.
  ACCOUNT_REGISTERED("account.registered"),
  /// An ADMIN closed the account.
  ACCOUNT_DEACTIVATED("account.deactivated"),
  /// An ADMIN opened it again.
  ACCOUNT_REACTIVATED("account.reactivated"),
  /// An ADMIN gave it another role: `from`, `to`.
  ROLE_CHANGED("role.changed"),
  /// A session was opened, after which `factors`.
  LOGIN_SUCCEEDED("login.succeeded"),
  /// Somebody could not log in, for a `reason` that they were not told.
  LOGIN_FAILED("login.failed"),
  /// Somebody has to wait before they may try again; told once for each wait.
  LOGIN_THROTTLED("login.throttled"),
  /// A session ended before its time, for a `reason`.
  SESSION_ENDED("session.ended"),
  /// A refresh token came that had been exchanged before: somebody holds a copy.
  REFRESH_REUSED("refresh.reused"),
  /// Somebody who is logged in sent a wrong password or code.
  CONFIRMATION_FAILED("confirmation.failed"),
  /// And has to wait before they may try again; told once for each wait.
  CONFIRMATION_THROTTLED("confirmation.throttled"),
  /// The password was changed by somebody who knew it.
  PASSWORD_CHANGED("password.changed"),
  /// A mail for a new password was asked for.
  PASSWORD_RESET_REQUESTED("password.reset_requested"),
  /// A new password was set with such a mail.
  PASSWORD_RESET("password.reset"),
  /// A second factor is asked for from now on.
  TOTP_ENROLLED("totp.enrolled"),
  /// And no more, by its owner or an ADMIN.
  TOTP_DISABLED("totp.disabled"),
  /// A recovery code took the place of a code; it counts no more.
  RECOVERY_CODE_USED("recovery_code.used"),
  /// New recovery codes replaced the old ones.
  RECOVERY_CODES_RENEWED("recovery_code.renewed");

  private final String type;

  Act(String type) {
    this.type = type;
  }

  /// As in an answer or the database, such as `login.failed`.
  public String type() {
    return type;
  }

  static Act of(String type) {
    return Arrays.stream(values()).filter(act -> act.type.equals(type)).findFirst().orElseThrow();
  }
}
