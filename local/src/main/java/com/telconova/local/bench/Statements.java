package com.telconova.local.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The SQL that a service sends, as the database's log has it, made a script of pgbench: the very
/// text, with what must be new each time computed and all else as it was sent.
final class Statements {
  private static final Pattern ENTRY =
      Pattern.compile(
          "(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+ \\S+ (\\S*) ?(LOG|DETAIL):  ");
  private static final Pattern EXECUTE =
      Pattern.compile("(?s)duration: [0-9.]+ ms  execute [^:]+: (.*)");
  private static final Pattern PARAMETER =
      Pattern.compile("(?s)\\$(\\d+) = (NULL|'((?:[^']|'')*)')");
  private static final Pattern PLACE = Pattern.compile("\\$(\\d+)");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?\\+\\d\\d");
  private static final Duration NOW = Duration.ofMinutes(1);

  private Statements() {}

  /// A statement as it was executed.
  ///
  /// @param parameters by number; null for NULL
  record Executed(String sql, Map<Integer, String> parameters) {
    boolean has(String value) {
      return parameters.values().stream().anyMatch(p -> p != null && p.contains(value));
    }
  }

  /// A script of pgbench.
  ///
  /// @param variables constants for it
  record Script(String text, Map<String, String> variables) {}

  /// Those of a user, in the order of the log.
  static List<Executed> read(String log, String user) {
    var entries = new ArrayList<String[]>();
    var matcher = ENTRY.matcher(log);
    var found = matcher.results().toList();
    for (int i = 0; i < found.size(); i++) {
      MatchResult entry = found.get(i);
      int end = i + 1 < found.size() ? found.get(i + 1).start() : log.length();
      if (entry.group(1).equals(user)) {
        entries.add(new String[] {entry.group(2), log.substring(entry.end(), end).strip()});
      }
    }
    var executed = new ArrayList<Executed>();
    for (int i = 0; i < entries.size(); i++) {
      var execute = EXECUTE.matcher(entries.get(i)[1]);
      if (entries.get(i)[0].equals("LOG") && execute.matches()) {
        boolean detailed = i + 1 < entries.size() && entries.get(i + 1)[0].equals("DETAIL");
        var sql = execute.group(1).replace("\n\t", "\n").strip();
        executed.add(new Executed(sql, detailed ? parameters(entries.get(i + 1)[1]) : Map.of()));
      }
    }
    return executed;
  }

  private static Map<Integer, String> parameters(String detail) {
    var parameters = new TreeMap<Integer, String>();
    PARAMETER
        .matcher(detail.replace("\n\t", "\n"))
        .results()
        .forEach(p ->
            parameters.put(
                Integer.valueOf(p.group(1)),
                p.group(3) == null ? null : p.group(3).replace("''", "'")));
    return parameters;
  }

  /// Makes a script of statements that one request sends, in one transaction when there are
  /// several.
  ///
  /// @param head commands of pgbench before them
  /// @param computed SQL in place of a parameter of this value
  static Script script(
      List<Executed> statements, String head, Map<String, String> computed, Instant now) {
    var variables = new LinkedHashMap<String, String>();
    var text = new StringBuilder(head);
    if (statements.size() > 1) {
      text.append("begin;\n");
    }
    for (var statement : statements) {
      var places = PLACE.matcher(statement.sql());
      text.append(
          places.replaceAll(place ->
              java.util.regex.Matcher.quoteReplacement(
                  expression(
                      statement.parameters().get(Integer.valueOf(place.group(1))),
                      computed,
                      variables,
                      now))));
      text.append(";\n");
    }
    if (statements.size() > 1) {
      text.append("commit;\n");
    }
    return new Script(text.toString(), variables);
  }

  private static String expression(
      String value, Map<String, String> computed, Map<String, String> variables, Instant now) {
    if (value == null) {
      return "null";
    }
    if (computed.containsKey(value)) {
      return computed.get(value);
    }
    if (value.startsWith("{")
        && value.endsWith("}")
        && !value.startsWith("{\"")
        && !value.contains(":")) {
      var element = value.substring(1, value.length() - 1);
      boolean ids = is(UUID_TEXT.asMatchPredicate(), element.split(",")[0]);
      return computed.containsKey(element)
          ? "array[" + computed.get(element) + "]"
          : variable(value, variables) + (ids ? "::uuid[]" : "::text[]");
    }
    if (value.startsWith("{\"{")) { // an array of JSON texts
      return variable(value, variables) + "::text[]";
    }
    if (is(UUID_TEXT.asMatchPredicate(), value)) {
      return variable(value, variables) + "::uuid";
    }
    if (is(TIME.asMatchPredicate(), value)) {
      return isNow(value, now) ? "now()" : variable(value, variables) + "::timestamptz";
    }
    return variable(value, variables);
  }

  private static boolean is(Predicate<String> predicate, String value) {
    return predicate.test(value);
  }

  private static boolean isNow(String value, Instant now) {
    try {
      var time = OffsetDateTime.parse(value.replace(' ', 'T') + ":00").toInstant();
      return Duration.between(time, now).abs().compareTo(NOW) < 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static String variable(String value, Map<String, String> variables) {
    for (var known : variables.entrySet()) {
      if (known.getValue().equals(value)) {
        return ":" + known.getKey();
      }
    }
    var name = "p" + (variables.size() + 1);
    variables.put(name, value);
    return ":" + name;
  }
}
