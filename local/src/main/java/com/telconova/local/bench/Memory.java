package com.telconova.local.bench;

import com.telconova.local.footprint.Footprint;
import com.telconova.local.steps.StepFailed;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/// What workorder holds after ten minutes of all that it can take.
final class Memory implements Part {
  private static final int CONNECTIONS = 32;
  private static final int SESSIONS = 8;
  private static final Duration STEP = Duration.ofMinutes(1); // tokens live for five
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String about() {
    return "resident memory of workorder under ten minutes of load";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    ground.arrangeForRates();
    ground.seed(scale.orders());
    ground.restart("workorder", Knobs.Setup.SHIPPED.withEventsTo(ground.sink().url()));
    var workorder = ground.service("workorder");
    var rows =
        out.grid(
            "32 clients, 70 % GET, 20 % list, 10 % POST; the recording on",
            "after s>", "requests/s>", "failed>", "RSS MiB>", "threads>", "descriptors>");
    double resident = Double.NaN;
    var done = Duration.ZERO;
    while (done.compareTo(scale.memory()) < 0) {
      var left = scale.memory().minus(done);
      var step = left.compareTo(STEP) < 0 ? left : STEP;
      ground.progress("%d of %d s", done.toSeconds(), scale.memory().toSeconds());
      var result = load(ground, step);
      done = done.plus(step);
      var seen =
          Footprint.of(workorder.pid())
              .orElseThrow(() -> new StepFailed("workorder ended; its log is " + workorder.log()));
      resident = seen.residentBytes() / MEBIBYTE;
      rows.add(
          List.of(
              Long.toString(done.toSeconds()),
              Budget.number(result.rate()),
              Long.toString(result.failed()),
              Budget.number(resident),
              seen.threads().isPresent() ? Long.toString(seen.threads().getAsLong()) : "-",
              seen.descriptors().isPresent()
                  ? Long.toString(seen.descriptors().getAsLong())
                  : "-"));
    }
    out.judge(
        Budget.LOADED_RSS,
        resident,
        "after %d s; the most was %s MiB"
            .formatted(done.toSeconds(), Budget.number(Streams.peak(workorder.pid()))));
  }

  private static Requester.Result load(Ground ground, Duration time) throws Exception {
    var supervisors = ground.tokens(ground.supervisor(), SESSIONS);
    var get = Calls.get(supervisors, ground.copies());
    var list = Calls.list(supervisors);
    var create = Calls.create(ground.tokens(ground.client(), SESSIONS));
    var random = new SplittableRandom();
    try (var requester =
        new Requester(
            List.of(ground.service("workorder").url()),
            CONNECTIONS,
            connection -> {
              int dice = random.nextInt(10);
              return (dice < 7 ? get : dice < 9 ? list : create).next(connection);
            })) {
      return requester.closed(time);
    }
  }
}
