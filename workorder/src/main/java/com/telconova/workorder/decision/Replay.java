package com.telconova.workorder.decision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import com.telconova.workorder.assignment.DecisionRepository.Kind;
import com.telconova.workorder.assignment.Engine;
import com.telconova.workorder.assignment.Inputs;
import com.telconova.workorder.dispatch.Dispatcher;
import com.telconova.workorder.dispatch.Task;
import java.util.Optional;

/// Computes the answer of a decision once more. Pure.
final class Replay {
  private Replay() {}

  /// @param inputs JSON, as it was kept
  /// @return JSON; empty when these are no inputs of such a decision any more
  static Optional<String> answer(Kind kind, String inputs) {
    try {
      return Optional.of(
          Mappers.TOLERANT.writeValueAsString(
              switch (kind) {
                case ENGINE, SUPERVISOR ->
                    Engine.rank(Mappers.TOLERANT.readValue(inputs, Inputs.class));
                case DISPATCH -> Dispatcher.plan(Mappers.TOLERANT.readValue(inputs, Task.class));
              }));
    } catch (JsonProcessingException | RuntimeException e) {
      // Whoever changed what was kept may have made anything of it, and is to be told of it here.
      return Optional.empty();
    }
  }
}
