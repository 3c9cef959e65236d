package com.telconova.shared.database;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/// A statement that changes something, and what it binds.
///
/// @param sql one statement without a result; its parameters are named, as Jdbi has it
/// @param values by the name of their parameter, all of them; may hold null
public record Write(String sql, Map<String, Object> values) {
  private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):([a-zA-Z]\\w*)");
  private static final Map<List<String>, String> JOINED = new ConcurrentHashMap<>();

  /// Sends these in one message and waits for one answer, however many they are: a round trip costs
  /// a request more than most statements do. They are executed in this order. Outside a transaction
  /// they are one: PostgreSQL takes what it gets before a Sync for one, and commits at the Sync.
  ///
  /// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
  ///
  /// @throws org.jdbi.v3.core.JdbiException when one of them fails; then none has happened
  public static void together(Handle handle, Write... writes) {
    together(handle, List.of(writes));
  }

  /// As the other; none of them at all is nothing to send.
  public static void together(Handle handle, List<Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    try (Update update = handle.createUpdate(joined(writes))) {
      bind(update, writes);
      update.execute();
    }
  }

  static String joined(List<Write> writes) {
    return JOINED.computeIfAbsent(writes.stream().map(Write::sql).toList(), Write::join);
  }

  static void bind(SqlStatement<?> statement, List<Write> writes) {
    for (int i = 0; i < writes.size(); i++) {
      int position = i;
      writes.get(i).values.forEach((name, value) -> statement.bind(name(position, name), value));
    }
  }

  /// Each has its own parameters, whatever the others call theirs.
  private static String join(List<String> statements) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < statements.size(); i++) {
      joined
          .append(i == 0 ? "" : ";\n")
          .append(PARAMETER.matcher(statements.get(i)).replaceAll(":" + name(i, "$1")));
    }
    return joined.toString();
  }

  private static String name(int position, String name) {
    return "s" + position + "_" + name;
  }
}
