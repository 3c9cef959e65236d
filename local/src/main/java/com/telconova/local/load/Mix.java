package com.telconova.local.load;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// What is sent: operations, and how many of each in so many requests.
///
/// @param weights not empty, each above 0
public record Mix(String name, Map<Operation, Integer> weights) {

  private static final String DAY = "day";
  private static final int MAX_WEIGHT = 10_000;

  public Mix {
    if (weights.isEmpty() || weights.values().stream().anyMatch(w -> w < 1 || w > MAX_WEIGHT)) {
      throw new IllegalArgumentException("a mix has operations, each from 1 to " + MAX_WEIGHT);
    }
    weights = Collections.unmodifiableMap(new EnumMap<>(weights));
  }

  /// A day at a telecom, reckoned from the life of one order: it is created and assigned once; its
  /// technician reports four times, uploads two photos and looks at it; its client looks at it, at
  /// its timeline and at their list, follows it once; supervisors look at the list of open work all
  /// the time. One request of 330 is a login: people stay logged in for a shift.
  public static Mix day() {
    var weights = new EnumMap<Operation, Integer>(Operation.class);
    weights.put(Operation.GET, 280);
    weights.put(Operation.LIST, 200);
    weights.put(Operation.TIMELINE, 140);
    weights.put(Operation.MINE, 110);
    weights.put(Operation.UPDATE, 100);
    weights.put(Operation.NOTIFICATIONS, 58);
    weights.put(Operation.EVIDENCE, 50);
    weights.put(Operation.CREATE, 26);
    weights.put(Operation.ASSIGN, 26);
    weights.put(Operation.STREAM, 7);
    weights.put(Operation.LOGIN, 3);
    return new Mix(DAY, weights);
  }

  /// `day`, the name of an operation, or several with their weights: `get=70,list=20,create=10`.
  ///
  /// @throws IllegalArgumentException that says which there are
  public static Mix of(String text) {
    if (text.equals(DAY)) {
      return day();
    }
    var weights = new EnumMap<Operation, Integer>(Operation.class);
    for (var part : text.split(",")) {
      var pair = part.split("=", 2);
      var operation = Operation.find(pair[0].strip()).orElseThrow(() -> unknown(part));
      weights.merge(operation, pair.length == 1 ? 1 : weight(pair[1].strip(), part), Integer::sum);
    }
    return new Mix(text, weights);
  }

  /// Whether some of it is this.
  boolean has(Operation operation) {
    return weights.containsKey(operation);
  }

  /// Of how many requests the weights speak.
  int sum() {
    return weights.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static int weight(String number, String part) {
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw unknown(part);
    }
  }

  private static IllegalArgumentException unknown(String part) {
    var known =
        Arrays.stream(Operation.values()).map(Operation::label).collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "there is no mix '%s': it is day, one of %s, or several as get=70,create=30"
            .formatted(part, known));
  }
}
