package com.telconova.local.chaos;

import com.telconova.local.image.ImageTrees;
import com.telconova.local.workbench.Program;
import com.telconova.local.workbench.Rig;
import com.telconova.shared.testing.Topology;
import com.telconova.shared.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The laboratory's own wires between each process, the database, and SNS, SQS and S3. Everything
/// else about the processes is as `up` has it, but for the crash points, shorter waits and a JVM
/// that compiles with C1 only.
final class Wires implements Rig, AutoCloseable {
  private static final Pattern PORT = Pattern.compile("(?<=127\\.0\\.0\\.1:)\\d+");

  /// How long a relay's claim lasts.
  static final Duration LEASE = Duration.ofSeconds(2);

  /// How long a message that was received is hidden from others.
  static final Duration VISIBILITY = Duration.ofSeconds(3);

  /// How long a message rests after its first failure.
  static final Duration RETRY = Duration.ofSeconds(1);

  /// How long a mail belongs to the process that sends it.
  static final Duration MAIL_LEASE = Duration.ofSeconds(5);

  private final CrashPoints crashPoints;
  private final Optional<ImageTrees> images;
  private final Map<String, Wire> database = new ConcurrentHashMap<>();
  private final Map<String, Wire> aws = new ConcurrentHashMap<>();

  /// @param images which the services are started from, without crash points; else what the build
  ///   left, with them
  Wires(CrashPoints crashPoints, Optional<ImageTrees> images) {
    this.crashPoints = crashPoints;
    this.images = images;
  }

  /// What is shorter here than in production.
  static String waits() {
    return "lease %d s (30), visibility %d s (60), first retry %d s (5), a mail's lease %d s (120)"
        .formatted(
            LEASE.toSeconds(), VISIBILITY.toSeconds(), RETRY.toSeconds(), MAIL_LEASE.toSeconds());
  }

  @Override
  public Map<String, String> settings(String service, int instance, Map<String, String> settings) {
    var changed = new HashMap<>(settings);
    changed.computeIfPresent("DATABASE_URL", (_, url) -> through(database, service, instance, url));
    changed.computeIfPresent("AWS_ENDPOINT_URL", (_, url) -> through(aws, service, instance, url));
    changed.put("OUTBOX_LEASE_SECONDS", Long.toString(LEASE.toSeconds()));
    changed.put("QUEUE_VISIBILITY_SECONDS", Long.toString(VISIBILITY.toSeconds()));
    changed.put("QUEUE_RETRY_SECONDS", Long.toString(RETRY.toSeconds()));
    changed.put("QUEUE_WAIT_SECONDS", "1");
    changed.put("NOTIFICATION_LEASE_SECONDS", Long.toString(MAIL_LEASE.toSeconds()));
    return changed;
  }

  @Override
  public Program program(String module, Program built) {
    return Topology.SERVICES.contains(module)
        ? images.map(trees -> trees.program(module)).orElse(built)
        : built;
  }

  @Override
  public List<String> flags(String service, int instance) {
    // A process that lives for seconds gains nothing by C2, whose work is more than half of a
    // start.
    var flags =
        new ArrayList<>(
            images
                .map(trees -> trees.cached(service))
                .orElseGet(() -> crashPoints.flags(service, instance)));
    flags.add("-XX:TieredStopAtLevel=1");
    return flags;
  }

  /// From an instance to SNS, SQS and S3.
  Wire aws(String service, int instance) {
    return aws.get(key(service, instance));
  }

  /// Does something to all wires to the database.
  void database(Consumer<Wire> deed) {
    database.values().forEach(deed);
  }

  /// Does something to all wires to SNS, SQS and S3.
  void aws(Consumer<Wire> deed) {
    aws.values().forEach(deed);
  }

  @Override
  public void close() {
    database(Wire::close);
    aws(Wire::close);
  }

  private static String through(Map<String, Wire> wires, String service, int instance, String url) {
    Matcher port = PORT.matcher(url);
    if (!port.find()) {
      throw new IllegalArgumentException("no port of this machine in " + url);
    }
    var wire =
        wires.computeIfAbsent(
            key(service, instance), _ -> new Wire(Integer.parseInt(port.group())));
    return port.replaceFirst(Integer.toString(wire.port()));
  }

  private static String key(String service, int instance) {
    if (!Topology.SERVICES.contains(service)) {
      throw new IllegalArgumentException("no service " + service);
    }
    return service + "-" + instance;
  }
}
