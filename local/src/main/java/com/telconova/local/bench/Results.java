package com.telconova.local.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The latest outcome of each part, a file of JSON each, so that a part can be run again alone and
/// the page still has all of them.
record Results(Path folder) {

  void write(Outcome outcome) throws IOException {
    Files.createDirectories(folder);
    var text = Mappers.TOLERANT.writerWithDefaultPrettyPrinter().writeValueAsString(outcome);
    Files.writeString(folder.resolve(outcome.part() + ".json"), text + "\n");
  }

  /// Those there are, in this order.
  List<Outcome> read(List<String> parts) throws IOException {
    var outcomes = new ArrayList<Outcome>();
    for (var part : parts) {
      var file = folder.resolve(part + ".json");
      if (Files.exists(file)) {
        try {
          outcomes.add(Mappers.TOLERANT.readValue(Files.readString(file), Outcome.class));
        } catch (JsonProcessingException e) {
          throw new IOException(file + " is of another version: remove it", e);
        }
      }
    }
    return outcomes;
  }
}
