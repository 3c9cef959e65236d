package com.telconova.local.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.workbench.LogTail;
import com.telconova.shared.json.Mappers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the instances of a service said in their logs when they could not handle a message.
record FailureLog(List<Path> logs) {

  /// @param times how often it failed, as far as the logs go back
  /// @param first when it first did
  /// @param last when it last did
  /// @param words level, message and causes of the last time, on one line
  record Failure(int times, Instant first, Instant last, String words) {
    private Failure with(Failure other) {
      var later = other.last.isBefore(last) ? this : other;
      var earlier = other.first.isBefore(first) ? other : this;
      return new Failure(times + other.times, earlier.first, later.last, later.words);
    }
  }

  /// Reads all of the logs.
  ///
  /// @return empty when they tell nothing of it: it was sent here by hand, or an earlier run's
  Optional<Failure> find(DeadLetter letter) {
    return logs.stream().flatMap(log -> find(log, letter).stream()).reduce(Failure::with);
  }

  private static Optional<Failure> find(Path log, DeadLetter letter) {
    // Not Files.lines: a process that was killed may leave half a character.
    try (var reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> line.contains(letter.id()) || line.contains(letter.messageId()))
          .flatMap(line -> failure(line, letter).stream())
          .reduce(Failure::with);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // As SqsConsumer says it.
  private static Optional<Failure> failure(String line, DeadLetter letter) {
    JsonNode entry;
    try {
      entry = Mappers.TOLERANT.readTree(line);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    var message = entry.path("formattedMessage").asText("");
    if (!message.startsWith("Handling " + letter.type() + " " + letter.id() + " failed")
        && !message.startsWith("Message " + letter.messageId() + " cannot be read")) {
      return Optional.empty();
    }
    var time = Instant.ofEpochMilli(entry.path("timestamp").asLong());
    return Optional.of(new Failure(1, time, time, LogTail.readable(List.of(line)).getFirst()));
  }
}
