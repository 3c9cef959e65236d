package com.telconova.local.lab.child;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whoever started this program: the other ends of its standard input and output.
final class Parent {
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  /// Says a line: a word and what follows it.
  void say(String word, Object... values) {
    var line =
        Arrays.stream(values).map(value -> " " + value).collect(Collectors.joining("", word, ""));
    out.println(line);
  }

  /// Says all of these numbers in one line.
  void say(String word, long[] values) {
    out.println(
        Arrays.stream(values)
            .mapToObj(value -> " " + value)
            .collect(Collectors.joining("", word, "")));
  }

  /// Waits for a line.
  ///
  /// @return false when there are no more: it is time to end
  boolean awaitWord() {
    return line().isPresent();
  }

  /// Waits for a line; empty when there are no more.
  Optional<String> line() {
    try {
      return Optional.ofNullable(in.readLine());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
