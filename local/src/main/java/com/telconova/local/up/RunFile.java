package com.telconova.local.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.telconova.local.people.People;
import com.telconova.local.workbench.Service;
import com.telconova.local.workbench.Workbench;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.MissingPrerequisite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/// `.microflow/run.json`: where a running system is and how to get in, for scripts. It holds this
/// run's passwords, so only its owner may read it; it is gone when the run ends.
public final class RunFile implements AutoCloseable {

  private static final String NAME = "run.json";

  private final Path file;
  private final Workbench bench;
  private final People people;
  private boolean closed;

  RunFile(Checkout checkout, Workbench bench, People people) {
    this.file = checkout.folder().resolve(NAME);
    this.bench = bench;
    this.people = people;
  }

  /// What it says, for commands that work beside a running `up`.
  ///
  /// @throws MissingPrerequisite when nothing runs in this checkout
  public static JsonNode read(Checkout checkout) {
    try {
      return Mappers.TOLERANT.readTree(Files.readString(checkout.folder().resolve(NAME)));
    } catch (NoSuchFileException e) {
      throw new MissingPrerequisite(
          "nothing is running in this checkout: start it with ./microflow up, in another terminal.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes it as things are now, in one go: a reader sees the former or the new one.
  synchronized void write() {
    if (closed) {
      return;
    }
    var draft = file.resolveSibling(NAME + ".new");
    try {
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, json().toPrettyString() + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    Files.deleteIfExists(file);
  }

  private ObjectNode json() {
    var root = Mappers.TOLERANT.createObjectNode();
    root.put("gateway", bench.gateway().uri().toString());
    bench.apiKey().ifPresent(key -> root.put("apiKey", key));
    root.put("database", bench.environment().readerUrl());
    // For `seed`: no service has such rights, and this database is gone with the run.
    root.put("databaseOwner", bench.environment().ownerUrl());
    root.put("aws", bench.emulator().endpoint().toString());
    root.put("smtp", hostAndPort(bench.mail().smtp()));
    root.putObject("imap")
        .put("address", hostAndPort(bench.mail().imap()))
        .put("login", "the recipient's e-mail address, with any password");
    root.put("messages", bench.messages().path().toString());
    var processes = root.putObject("processes");
    for (var service : bench.services()) {
      // The first instance also stands for its service: who needs just one reads no list.
      if (!processes.has(service.name())) {
        describe(service, processes.putObject(service.name())).putArray("instances");
      }
      var instances = (ArrayNode) processes.path(service.name()).path("instances");
      describe(service, instances.addObject());
    }
    // What load tells the cost of, too.
    root.putObject("beside")
        .put("PostgreSQL", bench.postgres().pid())
        .put("SNS, SQS, S3", bench.emulator().pid())
        .put("gateway, mail", ProcessHandle.current().pid());
    var credentials = root.putObject("credentials");
    for (var person : people.all()) {
      credentials
          .putObject(person.role().toLowerCase(Locale.ROOT))
          .put("email", person.email())
          .put("password", person.password());
    }
    return root;
  }

  private static ObjectNode describe(Service service, ObjectNode process) {
    return process
        .put("pid", service.pid())
        .put("url", service.url().toString())
        .put("adminUrl", service.adminUrl().toString())
        .put("log", service.log().toString());
  }

  private static String hostAndPort(URI uri) {
    return uri.getHost() + ":" + uri.getPort();
  }
}
