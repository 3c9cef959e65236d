package com.telconova.auth.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.auth.account.Profile.Language;
import com.telconova.auth.password.PasswordHash;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/// The table `app_user`.
final class AccountRepository {
  /// The constraint that keeps two accounts from having one address.
  static final String UNIQUE_EMAIL = "app_user_email";

  /// An account as it lies in the database.
  record Row(User user, PasswordHash passwordHash) {}

  void insert(Handle handle, Row row) {
    User user = row.user();
    bindChangeable(
            handle.createUpdate(
                """
                insert into app_user (id, email, password_hash, name, phone, role, locale,
                                      time_zone, notification_preferences, active, created_at,
                                      updated_at)
                values (:id, :email, :hash, :name, :phone, :role, :locale,
                        :zone, :preferences::json, :active, :created, :created)
                """),
            user)
        .bind("email", user.email().address())
        .bind("hash", row.passwordHash().phc())
        .bind("created", user.createdAt())
        .execute();
  }

  Optional<User> find(Handle handle, UUID id) {
    return handle
        .createQuery(
            """
            select id, email, name, phone, role, locale, time_zone,
                   notification_preferences, active, created_at
            from app_user where id = :id
            """)
        .bind("id", id)
        .map(AccountRepository::map)
        .findOne();
  }

  Optional<Row> findByEmail(Handle handle, Email email) {
    return handle
        .createQuery(
            """
            select id, email, password_hash, name, phone, role, locale, time_zone,
                   notification_preferences, active, created_at
            from app_user where email = :email
            """)
        .bind("email", email.address())
        .map(AccountRepository::mapRow)
        .findOne();
  }

  Optional<Row> findWithHash(Handle handle, UUID id) {
    return row(handle, id, "");
  }

  /// As it is now; nobody else changes it until the transaction ends.
  Optional<Row> lock(Handle handle, UUID id) {
    return row(handle, id, "for no key update");
  }

  private static Optional<Row> row(Handle handle, UUID id, String locking) {
    return handle
        .createQuery(
            """
            select id, email, password_hash, name, phone, role, locale, time_zone,
                   notification_preferences, active, created_at
            from app_user where id = :id
            """
                + locking)
        .bind("id", id)
        .map(AccountRepository::mapRow)
        .findOne();
  }

  boolean anyAdmin(Handle handle) {
    return handle
        .createQuery("select exists (select 1 from app_user where role = 'ADMIN')")
        .mapTo(Boolean.class)
        .one();
  }

  /// Whether somebody but this one is an ADMIN and active.
  boolean anyOtherActiveAdmin(Handle handle, UUID id) {
    return handle
        .createQuery(
            """
            select exists (
              select 1 from app_user where role = 'ADMIN' and active and id <> :id)
            """)
        .bind("id", id)
        .mapTo(Boolean.class)
        .one();
  }

  /// Serialises, until the transaction ends, those who would change who is ADMIN.
  void lockAdmins(Handle handle) {
    handle.execute("select pg_advisory_xact_lock(7305804402566922604)");
  }

  /// Newest first, one row more than the page shows.
  List<User> list(Handle handle, Accounts.Filter filter, Page.Request page) {
    return handle
        .createQuery(
            """
            select id, email, name, phone, role, locale, time_zone,
                   notification_preferences, active, created_at
            from app_user
            where (cast(:role as text) is null or role = :role)
              and (cast(:active as boolean) is null or active = :active)
              and (cast(:time as timestamptz) is null
                   or (created_at, id) < (:time, cast(:id as uuid)))
            order by created_at desc, id desc
            limit :rows
            """)
        .bind("role", filter.role() == null ? null : filter.role().name())
        .bind("active", filter.active())
        .bind("time", page.after() == null ? null : page.after().time())
        .bind("id", page.after() == null ? null : page.after().id())
        .bind("rows", page.rows())
        .map(AccountRepository::map)
        .list();
  }

  /// Whatever of an account can change but its password.
  void update(Handle handle, User user, Instant now) {
    bindChangeable(
            handle.createUpdate(
                """
                update app_user
                set name = :name, phone = :phone, locale = :locale, time_zone = :zone,
                    notification_preferences = :preferences::json, role = :role, active = :active,
                    updated_at = :now
                where id = :id
                """),
            user)
        .bind("now", now)
        .execute();
  }

  void updatePasswordHash(Handle handle, UUID id, PasswordHash hash) {
    handle
        .createUpdate("update app_user set password_hash = :hash where id = :id")
        .bind("hash", hash.phc())
        .bind("id", id)
        .execute();
  }

  private static <S extends SqlStatement<S>> S bindChangeable(S statement, User user) {
    Profile profile = user.profile();
    return statement
        .bind("id", user.id())
        .bind("name", profile.name())
        .bind("phone", profile.phone().orElse(null))
        .bind("locale", profile.language().tag())
        .bind("zone", profile.timeZone().getId())
        .bind("preferences", json(profile.preferences()))
        .bind("role", user.role().name())
        .bind("active", user.active());
  }

  private static Row mapRow(ResultSet row, StatementContext ctx) throws SQLException {
    return new Row(map(row, ctx), new PasswordHash(row.getString("password_hash")));
  }

  private static User map(ResultSet row, StatementContext ctx) throws SQLException {
    return new User(
        row.getObject("id", UUID.class),
        new Email(row.getString("email")),
        new Profile(
            row.getString("name"),
            Optional.ofNullable(row.getString("phone")),
            Language.find(row.getString("locale")).orElseThrow(),
            ZoneId.of(row.getString("time_zone")),
            preferences(row.getString("notification_preferences"))),
        UserRole.valueOf(row.getString("role")),
        row.getBoolean("active"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static String json(NotificationPreferences preferences) {
    try {
      return Mappers.TOLERANT.writeValueAsString(preferences);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static NotificationPreferences preferences(String json) {
    try {
      return Mappers.TOLERANT.readValue(json, NotificationPreferences.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("notification preferences are damaged", e);
    }
  }
}
