package com.telconova.shared.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/// Statements that go to the database in one message and are answered in one, in this order: a
/// round trip for all of them, as [Write#together], and here some may find something. Whoever has a
/// part in a transaction adds to it; nobody sees what was found before it was sent. Used once, by
/// one thread.
public final class Message {
  private final List<Write> statements = new ArrayList<>();
  private final List<Found<?>> answers = new ArrayList<>();
  private boolean sent;

  /// What a statement found, once the message was sent.
  public static final class Found<T> {
    private final RowMapper<T> mapper;
    private List<T> rows;

    private Found(RowMapper<T> mapper) {
      this.mapper = mapper;
    }

    /// The rows in the order in which they came; may be empty.
    ///
    /// @throws IllegalStateException before the message was sent
    public List<T> rows() {
      if (rows == null) {
        throw new IllegalStateException("The message was not sent yet");
      }
      return rows;
    }

    private void read(ResultSet result, StatementContext context) throws SQLException {
      List<T> read = new ArrayList<>();
      while (result.next()) {
        read.add(mapper.map(result, context));
      }
      rows = List.copyOf(read);
    }
  }

  /// Adds a statement without a result.
  public void add(Write write) {
    statements.add(write);
    answers.add(null);
  }

  /// Adds a statement with a result.
  ///
  /// @param sql one statement: a query, or a change with `returning`
  /// @param values as a [Write] has them
  public <T> Found<T> find(String sql, Map<String, Object> values, RowMapper<T> mapper) {
    Found<T> found = new Found<>(mapper);
    statements.add(new Write(sql, values));
    answers.add(found);
    return found;
  }

  /// Sends all of it and reads the answer.
  ///
  /// @throws org.jdbi.v3.core.JdbiException when one of them fails
  public void send(Handle handle) {
    if (sent) {
      throw new IllegalStateException("A message is sent once");
    }
    sent = true;
    try (Query query = handle.createQuery(Write.joined(statements))) {
      Write.bind(query, statements);
      query.execute((statement, context) -> {
        read(statement.get(), context);
        return null;
      });
    }
  }

  private void read(PreparedStatement statement, StatementContext context) throws SQLException {
    for (Found<?> answer : answers) {
      if (answer != null) {
        try (ResultSet result = statement.getResultSet()) {
          answer.read(result, context);
        }
      }
      boolean _ = statement.getMoreResults();
    }
  }
}
