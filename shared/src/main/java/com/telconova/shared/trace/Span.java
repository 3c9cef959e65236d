package com.telconova.shared.trace;

/// A piece of work in a trace: a request, a transaction, the handling of a message. Whoever does
/// the work need not ask whether it is recorded: what is told to one that is not costs nothing.
///
/// What is told leaves the process. So attributes hold what we made ourselves (routes, ids, names,
/// numbers), and nothing that a client sent or a person has: no path, query, header, body, address,
/// and of an error its type and not its message.
///
/// Belongs to one thread at a time.
public interface Span {
  /// What stands at the other end, as OpenTelemetry has it.
  enum Kind {
    INTERNAL,
    SERVER,
    CLIENT,
    PRODUCER,
    CONSUMER
  }

  /// Begins a part of what this thread does; nothing when it does nothing that has a trace. To be
  /// ended.
  static Span within(Kind kind, String name) {
    return Current.span().map(span -> span.child(kind, name)).orElse(NoSpan.NONE);
  }

  /// Where this stands in which trace.
  Trace trace();

  /// Whether what it is told is sent to anybody.
  boolean isRecorded();

  /// Begins a part of this. To be ended.
  Span child(Kind kind, String name);

  void rename(String name);

  /// @param value null to leave it out
  Span set(String attribute, String value);

  Span set(String attribute, long value);

  /// It did not do what it was for.
  ///
  /// @param errorType one of few: a status, or the name of a class
  void fail(String errorType);

  /// It is over. Only the first call counts.
  void end();

  /// As the other, with the type of what was thrown; its message stays here.
  default void fail(Throwable thrown) {
    fail(thrown.getClass().getName());
  }

  /// Makes this what the thread does, in its logs too, until the scope is closed.
  default Scope enter() {
    return Current.enter(this);
  }

  /// Ends what [Span#enter] began.
  interface Scope extends AutoCloseable {
    @Override
    void close();
  }
}
