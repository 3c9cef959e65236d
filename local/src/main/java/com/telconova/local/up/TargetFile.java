package com.telconova.local.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.workbench.Service;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// `.microflow/targets/up.json`: where Prometheus finds what runs here, as `prometheus.yml` asks
/// for it. It is gone when the run ends.
///
/// https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
final class TargetFile implements AutoCloseable {

  private static final String NAME = "up.json";

  private final Path folder;

  /// Writes it, in one go: Prometheus may read at any moment.
  TargetFile(Checkout checkout, List<Service> services) throws IOException {
    folder = Files.createDirectories(checkout.folder().resolve("targets"));
    var draft = folder.resolve(NAME + ".new");
    Files.writeString(draft, json(services).toPrettyString() + "\n");
    Files.move(
        draft,
        folder.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(folder.resolve(NAME));
  }

  private static JsonNode json(List<Service> services) {
    var groups = Mappers.TOLERANT.createArrayNode();
    for (var service : services) {
      var group = groups.addObject();
      group.putArray("targets").add(service.adminUrl().getAuthority());
      group.putObject("labels").put("service", service.name()).put("instance", service.label());
    }
    return groups;
  }
}
