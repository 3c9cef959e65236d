package com.telconova.shared.json;

import com.telconova.shared.problem.Faults;

/// A request body: a record of nullable fields that knows its own rules.
public interface Body {
  /// Adds every fault of this body to `faults`; looks at each field and stops at none.
  void check(Faults faults);
}
