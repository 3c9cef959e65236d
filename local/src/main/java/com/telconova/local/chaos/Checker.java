package com.telconova.local.chaos;

import com.telconova.local.dlq.DeadLetterQueue;
import com.telconova.local.steps.Condition;
import com.telconova.local.steps.StepFailed;
import com.telconova.shared.testing.Topology;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Looks behind everybody's back, when all is quiet: into the database, the mailboxes and the
/// dead-letter queues. What it knows of the services is their tables.
final class Checker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Lab lab;
  private final DeadLetters deadLetters;
  private Connection connection;

  Checker(Lab lab) {
    this.lab = lab;
    this.deadLetters = new DeadLetters(lab.bench().emulator().endpoint(), lab.bench().topology());
  }

  /// The dead-letter queue of a service.
  DeadLetterQueue deadLetters(String service) {
    return deadLetters.of(service);
  }

  /// Waits until every event has reached everybody, and everybody was told.
  ///
  /// @throws StepFailed when that takes more than a minute and a half: something is lost or stuck
  void awaitQuiet() {
    awaitQuiet(PATIENCE);
  }

  /// As the other, for so long.
  void awaitQuiet(Duration patience) {
    Condition.await(
        "all is quiet", patience, this::underWay, Map::isEmpty, left -> left + " are under way");
  }

  /// Waits until a service's queue is empty: what came again is gone, too.
  void awaitEmpty(String service) {
    Condition.await(
        "the queue of " + service + " is empty",
        PATIENCE,
        () -> deadLetters.waiting(service),
        waiting -> waiting == 0,
        waiting -> waiting + " messages are in it");
  }

  /// What has not arrived yet, and how many of it; what is zero is left out. An event that became a
  /// dead letter is under way until somebody moves it back.
  Map<String, Long> underWay() {
    var left = new TreeMap<String, Long>();
    for (var publisher : Topology.SERVICES) {
      note(left, "unsent of " + publisher, unsent(publisher));
      for (var consumer : Topology.SERVICES) {
        var types = Topology.types(publisher, consumer);
        if (!types.isEmpty()) {
          note(left, publisher + " to " + consumer, unprocessed(publisher, consumer, types));
        }
      }
    }
    note(
        left,
        "notifications",
        count(
            "select count(*) from tracking.notification where status = 'PENDING'"
                + " and due_at <= now()"));
    return left;
  }

  /// Events of a service that its relay has not marked as sent.
  long unsent(String publisher) {
    return count("select count(*) from " + publisher + ".outbox where sent_at is null");
  }

  private long unprocessed(String publisher, String consumer, List<String> types) {
    return count(
        """
        select count(*) from %s.outbox sent
        where type in ('%s')
          and not exists (select 1 from %s.processed done where done.event_id = sent.id)
        """
            .formatted(publisher, String.join("', '", types), consumer));
  }

  /// Everything that must always hold when all is quiet and is not so, in words.
  List<String> faults() {
    var faults = new ArrayList<String>();
    none(
        faults,
        "orders without exactly one order.created on their timeline",
        """
        select count(*) from workorder.work_order o
        where 1 <> (select count(*) from tracking.timeline_entry e
                    where e.order_id = o.id and e.type = 'order.created')
        """);
    none(
        faults,
        "timeline entries without an order",
        """
        select count(*) from tracking.timeline_entry e
        where not exists (select 1 from workorder.work_order o where o.id = e.order_id)
        """);
    none(
        faults,
        "events of orders that are not exactly once on the timeline",
        """
        select count(*) from
          (select aggregate_id, type, count(*) as n from workorder.outbox group by 1, 2) told
          full join
          (select order_id, type, count(*) as n from tracking.timeline_entry
           where type in ('%s') group by 1, 2) kept
          on kept.order_id = told.aggregate_id and kept.type = told.type
        where told.n is distinct from kept.n
        """
            .formatted(String.join("', '", Topology.types("workorder", "tracking"))));
    none(
        faults,
        "changes of state that are not exactly once in the history",
        """
        select count(*) from workorder.work_order o
        where o.version <> (select count(*) from workorder.order_history h where h.order_id = o.id)
        """);
    none(
        faults,
        "orders of which tracking knows another state than workorder",
        """
        select count(*) from workorder.work_order o
        left join tracking.participant_order p on p.order_id = o.id
        where (p.status, p.technician_id) is distinct from (o.status, o.technician_id)
        """);
    for (var service : Topology.SERVICES) {
      int dead = deadLetters(service).count();
      if (dead > 0) {
        faults.add(dead + " dead letters of " + service);
      }
    }
    return faults;
  }

  /// How many mails arrived more often than once, from those that were sent since the mailboxes
  /// were empty.
  ///
  /// @param mails how many were noted as sent before that
  /// @throws StepFailed when one was noted as sent and did not arrive
  long doubledMails(long mails) {
    long sent = sentMails() - mails;
    long came = lab.bench().mail().count();
    if (came < sent) {
      throw new StepFailed(sent + " mails are noted as sent, and " + came + " arrived");
    }
    return came - sent;
  }

  /// How many mails are noted as sent, ever.
  long sentMails() {
    return count(
        "select count(*) from tracking.notification where channel = 'EMAIL' and status = 'SENT'");
  }

  /// How many orders have this title.
  long orders(String title) {
    return count("select count(*) from workorder.work_order where title = '" + title + "'");
  }

  /// The ids of the events of orders with this title that are marked as sent.
  Set<String> sentEvents(String title) {
    return Set.copyOf(
        list(
            """
            select e.id from workorder.outbox e
            join workorder.work_order o on o.id = e.aggregate_id
            where o.title = '%s' and e.sent_at is not null
            """
                .formatted(title)));
  }

  /// A number from the database, which every service's tables can be asked for.
  long count(String query) {
    return Long.parseLong(list(query).getFirst());
  }

  private synchronized List<String> list(String query) {
    try {
      if (connection == null || !connection.isValid(1)) {
        connection = DriverManager.getConnection(lab.bench().environment().readerUrl());
      }
      var values = new ArrayList<String>();
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(query)) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException("The database cannot be looked at", e);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    deadLetters.close();
    if (connection != null) {
      connection.close();
    }
  }

  private void none(List<String> faults, String what, String query) {
    long count = count(query);
    if (count > 0) {
      faults.add(count + " " + what);
    }
  }

  private static void note(Map<String, Long> left, String what, long count) {
    if (count > 0) {
      left.put(what, count);
    }
  }
}
