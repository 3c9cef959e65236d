package com.telconova.local.chaos;

import com.telconova.local.chaos.SnsRelay.Answer;
import com.telconova.local.steps.StepFailed;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// SNS takes batches in part, takes them and answers with an error, takes them and never answers,
/// or never sees them.
final class HalfPublished implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  // Each of these holds the relay up for as long as it waits for an answer.
  private static final List<Answer> SILENT = List.of(Answer.TAKEN_IN_SILENCE, Answer.LOST);

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
    int orders = scale.of(60, 2_000);
    int silences = scale.of(2, 12);
    var wire = lab.wires().aws("workorder", 1);
    var random = new Random(7);
    var quiet = new ArrayList<>(SILENT);
    var lastSilence = new long[] {0};
    try (var sns =
        new SnsRelay(
            lab.bench().emulator().endpoint(), ids -> next(random, quiet, silences, lastSilence))) {
      wire.redirect(sns.port());
      var since =
          lab.checker()
              .count(
                  "select coalesce(max(extract(epoch from sent_at)), 0)::bigint from workorder.outbox");
      try (var creates = KeyedCreates.start(lab, lab.silent(), Lab.title("Half"), orders, 8)) {
        creates.finish(PATIENCE);
        lab.checker().awaitQuiet(PATIENCE);
      } finally {
        wire.redirect(lab.bench().emulator().endpoint().getPort());
      }
      Lab.none(lab.checker().faults());
      long sent = requireAccepted(lab, sns, since + 1);
      return "%,d orders over %s: %,d events marked as sent, each of which SNS had; 0 lost"
          .formatted(orders, sns.given(), sent);
    }
  }

  private static synchronized Answer next(
      Random random, List<Answer> quiet, int silences, long[] given) {
    int dice = random.nextInt(10);
    if (dice == 0 && given[0] < silences) {
      return quiet.get((int) (given[0]++ % quiet.size()));
    }
    if (dice < 4) {
      return Answer.TAKEN_IN_PART;
    }
    return dice == 4 ? Answer.TAKEN_AND_DENIED : Answer.TAKEN;
  }

  private static long requireAccepted(Lab lab, SnsRelay sns, long since) throws SQLException {
    var accepted = sns.accepted();
    long sent = 0;
    try (var connection = DriverManager.getConnection(lab.bench().environment().readerUrl());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select id from workorder.outbox where sent_at > to_timestamp(" + since + ")")) {
      while (rows.next()) {
        if (!accepted.contains(rows.getString(1))) {
          throw new StepFailed(rows.getString(1) + " is marked as sent, and SNS never had it");
        }
        sent++;
      }
    }
    if (sent == 0) {
      throw new StepFailed("no event was sent");
    }
    return sent;
  }
}
