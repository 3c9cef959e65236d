package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

final class PostgresServerIT {

  @Test
  void it_is_version_18_and_keeps_commits_when_told_to_even_below_a_folder_with_spaces() {
    var checkout = Checkout.find();
    var folder = checkout.scratch("postgres").resolve("with some spaces");

    try (var lifeline = Lifeline.open();
        var server =
            PostgresServer.start(
                checkout, folder, PostgresServer.Durability.COMMITS_ARE_KEPT, lifeline)) {
      assertThat(show(server, "server_version")).startsWith("18.");
      assertThat(show(server, "synchronous_commit")).isEqualTo("on");
      assertThat(show(server, "fsync")).isEqualTo("on");
      assertThat(show(server, "unix_socket_directories")).isEmpty();
      assertThat(server.createDatabase("orders")).endsWith("/orders");
    } finally {
      Checkout.delete(folder.getParent());
    }
  }

  @Test
  void nobody_gets_in_without_the_password_and_closing_leaves_nothing() {
    var checkout = Checkout.find();
    var folder = checkout.scratch("postgres");

    long pid;
    try (var lifeline = Lifeline.open();
        var server =
            PostgresServer.start(checkout, folder, PostgresServer.Durability.FAST, lifeline)) {
      pid = server.pid();
      assertThatThrownBy(
              () -> DriverManager.getConnection(server.url("postgres"), "postgres", "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
    }

    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(folder).doesNotExist();
  }

  private static String show(PostgresServer server, String setting) {
    try (var connection = DriverManager.getConnection(server.adminUrl("postgres"));
        var statement = connection.createStatement();
        var rows = statement.executeQuery("show " + setting)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
