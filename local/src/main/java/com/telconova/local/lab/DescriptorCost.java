package com.telconova.local.lab;

import com.telconova.local.lab.child.Kernel;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What a connection costs the one that serves it, and what happens when it may have no more.
final class DescriptorCost implements Experiment {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration MOMENT = Duration.ofSeconds(2);
  private static final int ROOM = 20;

  /// So many open connections.
  ///
  /// @param sockets that the service has more than before
  /// @param resident bytes that it has more
  record Step(int connections, double sockets, double resident) {}

  /// At the limit.
  ///
  /// @param limit how many descriptors it may have
  /// @param open how many it had before
  /// @param connected clients that the kernel connected
  /// @param answered of them, and those that wait without an answer, or were turned away
  /// @param health whether the service's health still answered
  /// @param answeredLater of those that waited, once others had left
  /// @param recovered until the first of these was, in seconds
  /// @param alive whether its process outlived it
  record Limit(
      long limit,
      int open,
      int connected,
      int answered,
      int silent,
      int refused,
      boolean health,
      int answeredLater,
      double recovered,
      boolean alive) {}

  record Figures(List<Step> steps, Limit limit) {}

  @Override
  public String name() {
    return "descriptors";
  }

  @Override
  public int seconds() {
    return 15;
  }

  @Override
  public boolean usesServices() {
    return true;
  }

  @Override
  public Finding run(Site site, Scale scale) throws Exception {
    return tell(measure(site, scale));
  }

  Figures measure(Site site, Scale scale) throws Exception {
    // A recording that may not open its next file ends its JVM, and this would be about that.
    site.subjectSettings(Map.of("JFR_RECORDING", "off"));
    try {
      return measure(site, scale, site.restartedSubject());
    } finally {
      site.subjectSettings(Map.of());
      site.endSubject(); // the next is as usual again
    }
  }

  private static Figures measure(Site site, Scale scale, Service subject) throws Exception {
    var steps = new ArrayList<Step>();
    var talks = new ArrayList<Talk>();
    try {
      talk(subject, talks, 1); // what the first one loads is not the connection's
      var before = Reading.of(subject.pid());
      int[] counts = scale == Scale.QUICK ? new int[] {10, 100} : new int[] {10, 100, 1_000};
      for (int count : counts) {
        site.progress(count + "");
        talk(subject, talks, count + 1);
        var now = Reading.of(subject.pid());
        steps.add(
            new Step(count, sockets(now) - sockets(before), now.resident() - before.resident()));
      }
    } finally {
      for (var talk : talks) {
        talk.close();
      }
    }
    return new Figures(steps, atTheLimit(site, subject));
  }

  private static void talk(Service subject, List<Talk> talks, int count) throws IOException {
    while (talks.size() < count) {
      var talk = Talk.with(subject.url());
      talks.add(talk);
      talk.ask();
      if (!talk.isAnswered(PATIENCE)) {
        throw new StepFailed("connection " + talks.size() + " has no answer");
      }
    }
  }

  private static double sockets(Reading reading) {
    return reading.value("process_fds", "kind", "socket");
  }

  private static Limit atTheLimit(Site site, Service subject) throws IOException {
    site.progress("RLIMIT_NOFILE");
    int open = settled(subject.pid());
    // Descriptors are numbers, the lowest free one first: the limit is above the highest.
    int limit = descriptors(subject.pid()).stream().mapToInt(n -> n).max().orElseThrow() + 1 + ROOM;
    long former = Kernel.limitDescriptors(subject.pid(), limit);
    var answered = new ArrayList<Talk>();
    var silent = new ArrayList<Talk>();
    int refused = 0;
    int wanted = limit - open + 2 * ROOM;
    try {
      var all = new ArrayList<Talk>();
      for (int i = 0; i < wanted; i++) {
        try {
          var talk = Talk.with(subject.url());
          all.add(talk);
          talk.ask();
        } catch (IOException e) {
          refused++;
        }
      }
      long deadline = System.nanoTime() + MOMENT.toNanos();
      for (var talk : all) {
        try {
          boolean come = talk.isAnswered(Duration.ofNanos(deadline - System.nanoTime()));
          (come ? answered : silent).add(talk);
        } catch (IOException e) {
          refused++;
        }
      }
      boolean health = isAnswered(subject);
      for (var talk : answered) {
        talk.close();
      }
      long begin = System.nanoTime();
      double recovered = Double.NaN;
      int later = 0;
      for (var talk : silent) {
        var left = PATIENCE.minusNanos(System.nanoTime() - begin);
        if (left.isPositive() && isAnswered(talk, left)) {
          recovered = later == 0 ? (System.nanoTime() - begin) / 1e9 : recovered;
          later++;
        }
      }
      return new Limit(
          limit,
          open,
          all.size(),
          answered.size(),
          silent.size(),
          refused,
          health,
          later,
          recovered,
          subject.isAlive());
    } finally {
      if (subject.isAlive()) {
        Kernel.limitDescriptors(subject.pid(), former);
      }
      for (var talk : answered) {
        talk.close();
      }
      for (var talk : silent) {
        talk.close();
      }
    }
  }

  /// Whether it is answered after all; it then leaves, for the next.
  private static boolean isAnswered(Talk talk, Duration time) {
    try (talk) {
      return talk.isAnswered(time);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isAnswered(Service subject) {
    try (var talk = Talk.with(subject.adminUrl())) {
      talk.ask();
      return talk.isAnswered(Duration.ofSeconds(1));
    } catch (IOException e) {
      return false;
    }
  }

  /// How many descriptors it has once all that were closed are gone.
  private static int settled(long pid) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int last = descriptors(pid).size();
    int same = 0;
    while (same < 5 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      int now = descriptors(pid).size();
      same = now == last ? same + 1 : 0;
      last = now;
    }
    return last;
  }

  private static List<Integer> descriptors(long pid) throws IOException {
    try (var open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.map(file -> Integer.parseInt(file.getFileName().toString())).toList();
    }
  }

  static Finding tell(Figures figures) {
    var finding = Finding.of("what", "value>");
    for (var step : figures.steps()) {
      finding.row(
          Message.of("descriptors.connections", "count", Quantity.count(step.connections())),
          Message.of(
              "descriptors.cost",
              "sockets",
              Quantity.count(step.sockets()),
              "memory",
              Quantity.bytes(step.resident())));
    }
    var limit = figures.limit();
    finding.row(Message.of("descriptors.open"), Quantity.count(limit.open()));
    finding.row(Message.of("descriptors.limit"), Quantity.count(limit.limit()));
    finding.row(Message.of("descriptors.connected"), Quantity.count(limit.connected()));
    finding.row(Message.of("descriptors.answered"), Quantity.count(limit.answered()));
    finding.row(Message.of("descriptors.silent"), Quantity.count(limit.silent()));
    finding.row(Message.of("descriptors.refused"), Quantity.count(limit.refused()));
    finding.row(
        Message.of("descriptors.health"), Message.of(limit.health() ? "lab.yes" : "lab.no"));
    finding.row(Message.of("descriptors.later"), Quantity.count(limit.answeredLater()));
    finding.row(Message.of("descriptors.recovered"), Quantity.seconds(limit.recovered()));
    var most = figures.steps().getLast();
    finding.answer(
        most.resident() > 0 ? "descriptors.answer.cost" : "descriptors.answer.unclear",
        "count",
        Quantity.count(most.connections()),
        "sockets",
        Quantity.count(most.sockets()),
        "memory",
        Quantity.bytes(most.resident()),
        "each",
        Quantity.bytes(most.resident() / most.connections()));
    finding.answer(
        limit.silent() > 0 ? "descriptors.answer.silent" : "descriptors.answer.silent.not",
        "limit",
        Quantity.count(limit.limit()),
        "connected",
        Quantity.count(limit.connected()),
        "answered",
        Quantity.count(limit.answered()),
        "silent",
        Quantity.count(limit.silent()),
        "refused",
        Quantity.count(limit.refused()));
    if (!limit.alive()) {
      finding.answer("descriptors.answer.died");
      return finding.build();
    }
    finding.answer(
        limit.answeredLater() == limit.silent()
            ? "descriptors.answer.recovers"
            : "descriptors.answer.recovers.not",
        "later",
        Quantity.count(limit.answeredLater()),
        "silent",
        Quantity.count(limit.silent()),
        "time",
        Quantity.seconds(limit.recovered()));
    return finding.build();
  }
}
