package com.telconova.local.chaos;

import com.telconova.local.chaos.SnsRelay.Answer;
import com.telconova.local.steps.StepFailed;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// SNS takes batches in part, takes them and answers with an error, takes them and never answers,
/// or never sees them.
final class HalfPublished implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "half-published";
  }

  @Override
  public String fault() {
    return "PublishBatch fails in part, or times out after it was accepted";
  }

  @Override
  public String run(Lab lab, Scale scale) throws Exception {
    int orders = scale.of(40, 2_000);
    var title = Lab.title("Half");
    var moods = new Moods(scale.of(1, 12));
    var wire = lab.wires().aws("workorder", 1);
    var emulator = lab.bench().emulator().endpoint();
    try (var sns = new SnsRelay(emulator, moods::next)) {
      wire.redirect(sns.port());
      try (var creates = KeyedCreates.start(lab, lab.silent(), title, orders, 8)) {
        creates.finish(PATIENCE);
        lab.checker().awaitQuiet();
      } finally {
        wire.redirect(emulator.getPort());
      }
      Lab.none(lab.checker().faults());
      var sent = lab.checker().sentEvents(title);
      for (var id : sent) {
        if (!sns.accepted().contains(id)) {
          throw new StepFailed(id + " is marked as sent, and SNS never had it");
        }
      }
      if (sent.size() < orders) {
        throw new StepFailed("only %d events were sent".formatted(sent.size()));
      }
      return "%,d orders over %s: %,d events marked as sent, each of which SNS had; 0 lost"
          .formatted(orders, sns.given(), sent.size());
    }
  }

  /// What SNS does next, by chance but the same each time.
  private static final class Moods {
    // Each of these holds the relay up for as long as it waits for an answer.
    private static final List<Answer> SILENT = List.of(Answer.TAKEN_IN_SILENCE, Answer.LOST);

    private final Random random = new Random(7);
    private final int maxSilences;
    private int silences;

    Moods(int maxSilences) {
      this.maxSilences = maxSilences;
    }

    synchronized Answer next() {
      return switch (random.nextInt(10)) {
        case 0, 1 -> silences < maxSilences ? SILENT.get(silences++ % SILENT.size()) : Answer.TAKEN;
        case 2, 3, 4 -> Answer.TAKEN_IN_PART;
        case 5 -> Answer.TAKEN_AND_DENIED;
        default -> Answer.TAKEN;
      };
    }
  }
}
