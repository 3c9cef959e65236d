package com.telconova.local.demo;

import com.telconova.local.api.Answer;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.terminal.Terminal;
import java.util.function.Supplier;

/// One line for each request of the story: who does what, what came back, how long it took.
final class Steps {

  private final Terminal terminal;

  Steps(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Sends a request and shows it.
  ///
  /// @param request its method and path, with `{id}` for ids
  /// @throws StepFailed if the status is another
  Answer take(String who, String what, String request, int status, Supplier<Answer> call) {
    var answer = expect(who, what, request, status, call);
    show(who, what, request, status, answer.millis());
    return answer;
  }

  /// The same without a line when all is well.
  Answer expect(String who, String what, String request, int status, Supplier<Answer> call) {
    var answer = call.get();
    if (answer.status() != status) {
      throw new StepFailed(
          "%s %s: %s gave %d instead of %d: %s"
              .formatted(who, what, request, answer.status(), status, answer.problem()));
    }
    return answer;
  }

  /// Shows something that took time.
  void show(String who, String what, String request, int status, long millis) {
    terminal.done(
        "%-19s %-34s %-28s %d %5d ms"
            .formatted(terminal.cut(who, 19), terminal.cut(what, 34), request, status, millis));
  }
}
