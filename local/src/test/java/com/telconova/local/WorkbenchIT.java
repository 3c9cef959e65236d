package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.workbench.Ports;
import com.telconova.shared.json.Mappers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkbenchIT {

  private ScratchCheckout checkout;
  private Path root;

  @BeforeEach
  void prepare() throws IOException {
    checkout = ScratchCheckout.withStandIns();
    root = checkout.root();
  }

  @AfterEach
  void nothing_is_left() {
    checkout.close();
  }

  @Test
  void up_tells_scripts_where_all_is_starts_again_what_dies_and_ends_without_its_queues()
      throws Exception {
    var ready = root.resolve(".microflow/ready");
    var taken = Ports.free(1).gateway();
    try (var _ = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
        var up = up("--ready-file", ready.toString())) {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ready));

      var run = run();
      assertThat(URI.create(run.path("gateway").asText()).getPort()).isGreaterThan(taken);
      for (var service : List.of("auth", "workorder", "tracking")) {
        var process = run.path("processes").path(service);
        assertThat(ProcessHandle.of(process.path("pid").asLong())).isPresent();
        assertThat(process.path("log").asText()).endsWith(service + ".log");
      }
      assertThat(Path.of(run.path("messages").asText()).getParent()).isDirectory();
      for (var role : List.of("admin", "supervisor", "technician", "client")) {
        assertThat(run.path("credentials").path(role).path("password").asText()).isNotBlank();
      }
      try (var connection = DriverManager.getConnection(run.path("database").asText());
          var statement = connection.createStatement();
          var rows = statement.executeQuery("select count(*) from workorder.outbox")) {
        assertThat(rows.next()).isTrue();
      }

      try (var second = up()) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output())
            .contains("microflow: Another run (pid " + up.pid() + ") uses this checkout");
      }

      long before = run.path("processes").path("workorder").path("pid").asLong();
      ProcessHandle.of(before).orElseThrow().destroyForcibly();
      up.awaitOutput("workorder is back");
      assertThat(up.output()).contains("workorder (pid " + before + ") ended with exit code 137");
      long after = run().path("processes").path("workorder").path("pid").asLong();
      assertThat(after).isNotEqualTo(before);
      assertThat(ProcessHandle.of(after)).isPresent();

      emulator().destroyForcibly();
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.output()).contains("microflow: the emulator of SNS, SQS and S3 has ended");
    }
    assertThat(ready).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Starting MicroFlow", "✓ mail"})
  void ctrl_c_at_any_moment_of_the_start_leaves_nothing(String moment) throws Exception {
    try (var up = up()) {
      up.awaitOutput(moment);
      up.interrupt();
    }
  }

  @Test
  void when_the_workbench_is_killed_its_children_end_and_the_next_run_starts() throws Exception {
    try (var up = up()) {
      up.awaitOutput("✓ tracking");
      up.signal("KILL");
      assertThat(up.awaitEnd()).isEqualTo(137);
    }
    await().atMost(Duration.ofSeconds(30)).until(checkout::processes, List::isEmpty);

    try (var next = up()) {
      next.awaitOutput("✓ auth");
      next.interrupt();
    }
  }

  @Test
  void two_that_start_at_the_same_moment_get_ports_of_their_own() throws Exception {
    try (var other = ScratchCheckout.withStandIns();
        var one = up();
        var two = new Command(other.root(), "up", "--port-offset", "auto")) {
      one.awaitOutput("✓ PostgreSQL 18");
      two.awaitOutput("✓ PostgreSQL 18");
      one.interrupt();
      two.interrupt();
    }
  }

  @Test
  void a_taken_port_ends_it_at_once_with_the_remedy() throws Exception {
    var ports = Ports.free(1);
    int taken = ports.api("tracking", 1);
    try (var _ = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress());
        var up = new Command(root, "up", "--port-offset", Integer.toString(ports.offset()))) {
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.output())
          .contains("microflow: Port " + taken + " (tracking) is taken")
          .containsPattern("--port-offset \\d+, which is free");
    }
  }

  @Test
  void a_service_that_cannot_start_is_named_with_its_last_words_and_its_log() throws Exception {
    checkout.service("workorder", StandIn.Broken.class);

    try (var up = up()) {
      assertThat(up.awaitEnd()).isEqualTo(1);
      assertThat(up.output())
          .contains("✗ workorder", "ERROR Schema auth is at version 0, not 1")
          .contains("microflow: workorder ended while starting; its log is ");
    }
  }

  @Test
  void wrong_usage_is_one_line_and_exit_code_2() throws Exception {
    try (var command = new Command(root, "up", "--port-offset", "many")) {
      assertThat(command.awaitEnd()).isEqualTo(2);
      assertThat(command.output()).startsWith("microflow: Invalid value").hasLineCount(1);
    }
  }

  private Command up(String... arguments) throws IOException {
    var all = new ArrayList<>(List.of("up", "--port-offset", "auto"));
    all.addAll(List.of(arguments));
    return new Command(root, all.toArray(String[]::new));
  }

  // The one process of ours that is neither Java nor PostgreSQL.
  private ProcessHandle emulator() {
    return ProcessHandle.allProcesses()
        .filter(
            p -> p.info().commandLine().orElse("").contains(root + "/.microflow/cache/emulator/"))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode run() throws IOException {
    return Mappers.TOLERANT.readTree(Files.readString(root.resolve(".microflow/run.json")));
  }
}
