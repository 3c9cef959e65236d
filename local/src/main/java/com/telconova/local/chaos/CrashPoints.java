package com.telconova.local.chaos;

import com.telconova.local.steps.Condition;
import com.telconova.local.workbench.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Makes a process die, or dawdle, at a chosen place of its code. An agent (Byteman) puts the
/// places into the classes while they are loaded; the jars are those that are shipped and know
/// nothing of it. A place does nothing until it is armed, and then strikes once: arming makes a
/// file, and whoever succeeds in deleting it is struck.
final class CrashPoints {
  private static final String PROPERTY = "microflow.chaos";

  private final Path folder;
  private final Path rules;

  /// A place, and what happens there.
  enum Point {
    /// SNS has the events; nobody has noted so.
    RELAY_BEFORE_MARK("com.telconova.shared.event.Claims", "mark", "killJVM()"),
    /// The event is handled; its message is still in the queue.
    CONSUMER_BEFORE_DELETE("com.telconova.shared.event.Deletions", "add", "killJVM()"),
    /// An event is about to be handled.
    SLOW_HANDLER("com.telconova.shared.event.Inbox", "handle", "delay(6000)");

    private final String type;
    private final String method;
    private final String action;

    Point(String type, String method, String action) {
      this.type = type;
      this.method = method;
      this.action = action;
    }

    private String rule() {
      return """
      RULE %s
      CLASS %s
      METHOD %s
      AT ENTRY
      BIND armed:java.io.File = new java.io.File(System.getProperty("%s"), "%s")
      IF armed.delete()
      DO %s
      ENDRULE
      """
          .formatted(name(), type, method, PROPERTY, name(), action);
    }
  }

  /// @param folder takes the rules and what is armed
  CrashPoints(Path folder) {
    this.folder = folder;
    this.rules = folder.resolve("rules.btm");
    try {
      Files.createDirectories(folder);
      Files.writeString(
          rules, Arrays.stream(Point.values()).map(Point::rule).collect(Collectors.joining("\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a JVM is started with, so that it has the places.
  List<String> flags(String service, int instance) {
    return List.of(
        "-javaagent:" + agent() + "=script:" + rules,
        "-D" + PROPERTY + "=" + folder(service, instance));
  }

  /// The next time that this process comes to the place, it is struck.
  void arm(Service service, Point point) {
    try {
      Files.createFile(folder(service.name(), service.instance()).resolve(point.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until a place that was armed has struck.
  void awaitStruck(Service service, Point point) {
    var file = folder(service.name(), service.instance()).resolve(point.name());
    Condition.await(
        service.label() + " comes to " + point,
        () -> Files.exists(file),
        waits -> !waits,
        _ -> "it has not come there");
  }

  private Path folder(String service, int instance) {
    try {
      return Files.createDirectories(folder.resolve(service + "-" + instance));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path agent() {
    var source = org.jboss.byteman.agent.Main.class.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
