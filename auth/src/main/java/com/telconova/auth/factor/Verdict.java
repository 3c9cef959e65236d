package com.telconova.auth.factor;

import java.util.List;

/// What becomes of a login whose password was right.
public sealed interface Verdict {
  /// They may come in.
  ///
  /// @param recoveryCodes new ones, when they have just enrolled; else none
  record Passed(Proof proof, List<String> recoveryCodes) implements Verdict {
    public Passed {
      recoveryCodes = List.copyOf(recoveryCodes);
    }

    @Override
    public String toString() {
      return "Passed[" + proof + "]";
    }
  }

  /// They have a second factor and sent no code.
  record CodeMissing() implements Verdict {}

  /// The code does not count.
  record CodeWrong() implements Verdict {}

  /// Their role takes a second factor, and they have none yet.
  record MustEnrol(Enrolment enrolment) implements Verdict {}
}
