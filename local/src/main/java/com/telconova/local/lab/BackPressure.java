package com.telconova.local.lab;

import com.telconova.local.api.Client;
import com.telconova.local.lab.child.Queues;
import com.telconova.local.steps.StepFailed;
import com.telconova.local.workbench.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// More comes than can be done: who waits, for how long, and who is told to go.
final class BackPressure implements Experiment {
  private static final int BOUND = 50;

  /// A queue to which twice as much comes as its worker can do.
  ///
  /// @param bound how many may wait; 0 for any number
  /// @param firstWait in its first half, in seconds; then in its second
  /// @param heap bytes that it had more at the end
  record Line(
      int bound,
      int served,
      int refused,
      int longest,
      double heap,
      double seconds,
      Sample firstWait,
      Sample lastWait) {}

  /// A service under so many clients that ask again at once.
  ///
  /// @param answered seconds until 200
  /// @param refused seconds until 503
  record Door(
      int clients,
      double seconds,
      List<Double> answered,
      List<Double> refused,
      int others,
      double residentBefore,
      double residentAfter) {}

  record Figures(Line unbounded, Line bounded, Door few, Door many) {}

  @Override
  public String name() {
    return "back-pressure";
  }

  @Override
  public int seconds() {
    return 20;
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
    int millis = scale.of(600, 4_000);
    var unbounded = line(site, 0, millis);
    var bounded = line(site, BOUND, millis);
    var subject = site.subject();
    String token;
    try (var api = new Client(site.bench().gateway().uri())) {
      token =
          api.post("/auth/login", null, site.people().supervisor().login()).text("/accessToken");
    }
    var time = Duration.ofMillis(scale.of(1_000, 4_000));
    site.progress("8");
    door(subject, token, 8, time.dividedBy(2)); // for its compiler
    var few = door(subject, token, 8, time);
    site.progress("300");
    var many = door(subject, token, scale.of(150, 300), time);
    return new Figures(unbounded, bounded, few, many);
  }

  private static Line line(Site site, int bound, int millis) {
    site.progress(bound == 0 ? "LinkedBlockingQueue" : "ArrayBlockingQueue");
    try (var child = site.start(Queues.class, List.of("-Xmx192m"), bound, millis)) {
      var done = child.numbers("done");
      child.numbers("resident");
      var waited = child.numbers("waited");
      if (waited.length < 2) {
        throw new StepFailed("the worker did nothing");
      }
      int half = waited.length / 2;
      var first = new ArrayList<Double>();
      var last = new ArrayList<Double>();
      for (int i = 0; i < waited.length; i++) {
        (i < half ? first : last).add(waited[i] / 1e9);
      }
      return new Line(
          bound,
          (int) done[0],
          (int) done[1],
          (int) done[2],
          done[3],
          done[4],
          Sample.of(first),
          Sample.of(last));
    }
  }

  private static Door door(Service subject, String token, int clients, Duration time)
      throws InterruptedException {
    Queue<Double> answered = new ConcurrentLinkedQueue<>();
    Queue<Double> refused = new ConcurrentLinkedQueue<>();
    Queue<Object> others = new ConcurrentLinkedQueue<>();
    double before = Reading.of(subject.pid()).resident();
    var request =
        HttpRequest.newBuilder(URI.create(subject.url() + "/orders?limit=20"))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(10))
            .build();
    long begin = System.nanoTime();
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        crowd.submit(() -> {
          while (System.nanoTime() - begin < time.toNanos()) {
            long sent = System.nanoTime();
            int status = status(http, request);
            double took = (System.nanoTime() - sent) / 1e9;
            switch (status) {
              case 200 -> answered.add(took);
              case 503 -> refused.add(took);
              default -> others.add(status);
            }
          }
        });
      }
      crowd.shutdown();
      if (!crowd.awaitTermination(time.toMillis() + 20_000, TimeUnit.MILLISECONDS)) {
        throw new StepFailed("clients are not answered");
      }
    }
    return new Door(
        clients,
        (System.nanoTime() - begin) / 1e9,
        List.copyOf(answered),
        List.copyOf(refused),
        others.size(),
        before,
        Reading.of(subject.pid()).resident());
  }

  private static int status(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  static Finding tell(Figures figures) {
    var finding = Finding.of("what", "done>", "refused>", "p50>", "p99>", "refusal>", "memory>");
    for (var line : List.of(figures.unbounded(), figures.bounded())) {
      var name = line.bound() == 0 ? "back-pressure.unbounded" : "back-pressure.bounded";
      half(finding, name, "back-pressure.first", line.firstWait(), line, false);
      half(finding, name, "back-pressure.last", line.lastWait(), line, true);
    }
    for (var door : List.of(figures.few(), figures.many())) {
      var answered = orNothing(door.answered());
      finding.row(
          Message.of("back-pressure.door", "clients", Quantity.count(door.clients())),
          Quantity.count(door.answered().size()),
          Quantity.count(door.refused().size()),
          answered.median(Quantity.Unit.TIME),
          Quantity.seconds(answered.quantile(0.99)),
          orNothing(door.refused()).median(Quantity.Unit.TIME),
          Quantity.bytes(door.residentAfter() - door.residentBefore()));
    }
    var unbounded = figures.unbounded();
    var bounded = figures.bounded();
    boolean grows = unbounded.lastWait().median() > 1.5 * unbounded.firstWait().median();
    finding.answer(
        grows ? "back-pressure.answer.unbounded" : "back-pressure.answer.unbounded.not",
        "first",
        unbounded.firstWait().median(Quantity.Unit.TIME),
        "last",
        unbounded.lastWait().median(Quantity.Unit.TIME),
        "longest",
        Quantity.count(unbounded.longest()),
        "heap",
        Quantity.bytes(unbounded.heap() / unbounded.seconds()));
    boolean stays = bounded.lastWait().quantile(0.99) < unbounded.lastWait().quantile(0.99);
    finding.answer(
        stays ? "back-pressure.answer.bounded" : "back-pressure.answer.bounded.not",
        "bound",
        Quantity.count(bounded.bound()),
        "slow",
        Quantity.seconds(bounded.lastWait().quantile(0.99)),
        "refused",
        Quantity.share((double) bounded.refused() / (bounded.refused() + bounded.served())));
    var few = figures.few();
    var many = figures.many();
    boolean refuses = !many.refused().isEmpty();
    finding.answer(
        refuses ? "back-pressure.answer.door" : "back-pressure.answer.door.not",
        "clients",
        Quantity.count(many.clients()),
        "rate",
        Quantity.rate(many.answered().size() / many.seconds()),
        "slow",
        Quantity.seconds(orNothing(many.answered()).quantile(0.99)),
        "refused",
        Quantity.count(many.refused().size()),
        "refusal",
        orNothing(many.refused()).median(Quantity.Unit.TIME),
        "fewClients",
        Quantity.count(few.clients()),
        "fewRate",
        Quantity.rate(few.answered().size() / few.seconds()),
        "fewSlow",
        Quantity.seconds(orNothing(few.answered()).quantile(0.99)));
    return finding.build();
  }

  private static void half(
      Finding.Builder finding, String name, String half, Sample waits, Line line, boolean end) {
    finding.row(
        Message.of(name, "half", Message.of(half)),
        Quantity.count(waits.size()),
        end ? Quantity.count(line.refused()) : "",
        waits.median(Quantity.Unit.TIME),
        Quantity.seconds(waits.quantile(0.99)),
        "",
        end ? Quantity.bytes(line.heap()) : "");
  }

  private static Sample orNothing(List<Double> values) {
    return values.isEmpty() ? Sample.of(Double.NaN) : Sample.of(values);
  }
}
