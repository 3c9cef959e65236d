package com.telconova.local.terminal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// A terminal whose output can be read.
public final class Recorded {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final Terminal terminal = new Terminal(stream, stream, false, false, true);

  public Terminal terminal() {
    return terminal;
  }

  /// What was printed so far, each run of blanks as one.
  public String text() {
    return bytes.toString(StandardCharsets.UTF_8).replaceAll("[ \\t]+", " ");
  }
}
