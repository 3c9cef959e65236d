package com.telconova.shared.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A PostgreSQL 18 of its own on a free port of 127.0.0.1, empty and with passwords required. It
/// writes only to the folder it is given, which it removes when it closes: no Unix socket, no
/// shared memory file. Thread-safe once started.
public final class PostgresServer implements AutoCloseable {

  /// A quarter of a small server's memory, as managed PostgreSQL has it; taken as it is used.
  private static final String SHARED_BUFFERS = "512MB";

  private static final String ADMIN = "postgres";
  private static final Duration START_TIME = Duration.ofSeconds(60);
  private static final ChildProcess.Stop FAST_SHUTDOWN =
      new ChildProcess.Stop("INT", Duration.ofSeconds(10));

  /// What an acknowledged commit means.
  public enum Durability {
    /// It survives kill -9 of the server and loss of power, as in production.
    COMMITS_ARE_KEPT,
    /// It may be lost when the server is killed: several times faster, for tests of anything else.
    FAST
  }

  private final Supplier<ChildProcess> start;
  private final Path folder;
  private final int port;
  private final String password;
  private volatile ChildProcess process;

  private PostgresServer(Supplier<ChildProcess> start, Path folder, int port, String password) {
    this.start = start;
    this.folder = folder;
    this.port = port;
    this.password = password;
    this.process = start.get();
  }

  /// Makes a new cluster and starts it: about two seconds, some more the first time ever.
  ///
  /// @param folder for the data and the log; made if need be, removed by [#close]
  /// @throws MissingPrerequisite when run as root where nothing lets it be somebody else
  /// @throws IllegalStateException if it does not start; the message has its last words
  public static PostgresServer start(
      Checkout checkout, Path folder, Durability durability, Lifeline lifeline) {
    var bin = new PostgresBinaries(checkout.cache()).bin();
    var password = UUID.randomUUID().toString();
    var prefix = initialize(bin, folder, password, lifeline);
    // Somebody may take the free port before PostgreSQL does: then another.
    for (int tries = 1; ; tries++) {
      var server = launch(prefix, bin, folder, password, durability, lifeline);
      try {
        server.awaitReady();
        return server;
      } catch (RuntimeException e) {
        server.process.close();
        var taken = server.process.lastLines(20).toString().contains("Address already in use");
        if (!taken || tries == 3) {
          throw e;
        }
      }
    }
  }

  /// A database's URL without any credentials, the way services get it.
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /// The superuser, for migrations and tests.
  public String adminUser() {
    return ADMIN;
  }

  /// The superuser's password, new each time.
  public String adminPassword() {
    return password;
  }

  /// A database's URL with the superuser's credentials in it.
  public String adminUrl(String database) {
    return url(database) + "?user=" + ADMIN + "&password=" + password;
  }

  /// Makes an empty database, owned by the superuser.
  ///
  /// @param name letters, digits and underscores, not taken yet
  /// @return its [#url]
  public String createDatabase(String name) {
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException("Not a database's name: " + name);
    }
    try (var connection = DriverManager.getConnection(adminUrl("postgres"));
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
      return url(name);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot create database " + name, e);
    }
  }

  /// Its port on 127.0.0.1.
  public int port() {
    return port;
  }

  /// The server's first process, the parent of one process per connection.
  public long pid() {
    return process.pid();
  }

  /// False once it ended.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Ends every session and stops the server; what was committed stays.
  public void stop() {
    process.close();
  }

  /// Ends it at once, as a crash does: PostgreSQL's `immediate` shutdown. It recovers from its log
  /// when it is started again.
  public void crash() {
    try {
      process.signal("QUIT");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.await(FAST_SHUTDOWN.grace());
  }

  /// Starts it again after [#stop] or [#crash], on the same port.
  ///
  /// @throws IllegalStateException if it does not start
  public void startAgain() {
    process = start.get();
    awaitReady();
  }

  /// Ends every session, stops the server and removes its folder.
  @Override
  public void close() {
    process.close();
    Checkout.delete(folder);
  }

  // Its own rules for text, not the machine's: the same order and messages everywhere.
  private static List<String> initialize(
      Path bin, Path folder, String password, Lifeline lifeline) {
    var data = folder.resolve("data");
    var passwordFile = folder.resolve("password");
    var log = folder.resolve("initdb.log");
    try {
      Files.createDirectories(data);
      Files.deleteIfExists(passwordFile);
      Files.createFile(
          passwordFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passwordFile, password);
      var prefix = Unprivileged.prefix(data, passwordFile);
      var command = new ArrayList<>(prefix);
      command.addAll(
          List.of(
              bin.resolve("initdb").toString(),
              "--pgdata=" + data,
              "--username=" + ADMIN,
              "--pwfile=" + passwordFile,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--no-sync"));
      try (var initdb =
          ChildProcess.start("initdb", command, folder, Map.of(), log, FAST_SHUTDOWN, lifeline)) {
        if (initdb.await(START_TIME) != 0) {
          throw new IllegalStateException(
              "initdb failed: " + String.join(" ", initdb.lastLines(3)) + " (" + log + ")");
        }
      }
      Files.delete(passwordFile);
      return prefix;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PostgresServer launch(
      List<String> prefix,
      Path bin,
      Path folder,
      String password,
      Durability durability,
      Lifeline lifeline) {
    int port = freePort();
    var command = new ArrayList<>(prefix);
    command.add(bin.resolve("postgres").toString());
    command.addAll(List.of("-D", folder.resolve("data").toString(), "-p", Integer.toString(port)));
    var kept = durability == Durability.COMMITS_ARE_KEPT ? "on" : "off";
    Map.of(
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "",
            "dynamic_shared_memory_type", "mmap",
            "timezone", "UTC",
            "log_timezone", "UTC",
            "shared_buffers", SHARED_BUFFERS,
            "fsync", kept,
            "synchronous_commit", kept,
            "full_page_writes", kept,
            "log_line_prefix", "%m %u ")
        .forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    Supplier<ChildProcess> start =
        () ->
            ChildProcess.start(
                "PostgreSQL",
                command,
                folder,
                Map.of(),
                folder.resolve("postgres.log"),
                FAST_SHUTDOWN,
                lifeline);
    return new PostgresServer(start, folder, port, password);
  }

  private void awaitReady() {
    long deadline = System.nanoTime() + START_TIME.toNanos();
    while (System.nanoTime() < deadline) {
      try (var connection = DriverManager.getConnection(adminUrl("postgres"))) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException starting) {
        // Not listening yet, or still recovering.
      }
      try {
        if (process.process().waitFor(20, TimeUnit.MILLISECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new IllegalStateException(
        "PostgreSQL did not start: "
            + String.join(" ", process.lastLines(3))
            + " ("
            + process.log()
            + ")");
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
