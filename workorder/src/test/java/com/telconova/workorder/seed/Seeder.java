package com.telconova.workorder.seed;

import com.telconova.workorder.order.OrderStatus;
import com.telconova.workorder.order.Resolution;
import com.telconova.workorder.seed.Crew.Member;
import com.telconova.workorder.seed.Life.Change;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.Crossing;
import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Promise;
import com.telconova.workorder.sla.Sla;
import com.telconova.workorder.sla.SlaPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// Writes made-up orders with their history, promises and marks, and the technicians who did them,
/// all in one transaction: all of it is there afterwards, or nothing.
///
/// Each order's promises are what [SlaPolicy] makes of its history. No event is written. What has
/// crossed a promise already is marked as told, as the watch would have; what crosses one later is
/// told then. Not kept as the services would have: shifts and daily capacity were not looked at, no
/// decision of the engine is noted, and no order was edited.
public final class Seeder {
  /// Orders that are written together.
  private static final int BATCH = 4_000;

  private static final int BATCHES_AHEAD = 3;
  private static final long SEED = 20_261_123;

  /// Under this id a supervisor opened and assigned: by it, seeded orders are known.
  public static final UUID SUPERVISOR = UUID.fromString("01900000-0000-7000-8000-5eed5eed5eed");

  private final SeedPlan plan;
  private final BusinessCalendar calendar;
  private final SlaPolicy policy;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Map<OrderStatus, Integer> statuses = new EnumMap<>(OrderStatus.class);
  private int breached;
  private long changes;

  /// Is told how far it is.
  public interface Progress {
    /// @param what is being done, in a few words
    /// @param done,of how many of them; 0 of 0 where that is not known
    void at(String what, int done, int of);
  }

  /// What was written.
  ///
  /// @param customers how many customers the orders are of, at most
  /// @param statuses how many orders are in each state
  /// @param breached how many missed a promise
  public record Report(
      int orders,
      long changes,
      int customers,
      int technicians,
      Map<OrderStatus, Integer> statuses,
      int breached) {}

  /// The database holds seeded orders already.
  public static final class AlreadySeeded extends RuntimeException {
    private static final long serialVersionUID = 1;

    AlreadySeeded() {
      super(
          "there are seeded orders already: stop ./microflow up and start it for an empty database.");
    }
  }

  private record Batch(int orders, byte[] rows, byte[] history, byte[] marks) {}

  private Seeder(SeedPlan plan, BusinessCalendar calendar) {
    this.plan = plan;
    this.calendar = calendar;
    this.policy = new SlaPolicy(calendar);
  }

  /// Writes it all. Other sessions wait for, or do without, the orders meanwhile.
  ///
  /// @param ownerUrl of the database, with credentials of the owner of the tables
  /// @throws AlreadySeeded when it was done before
  public static Report write(
      String ownerUrl, SeedPlan plan, BusinessCalendar calendar, Progress progress)
      throws SQLException, IOException, InterruptedException {
    try (Connection connection = DriverManager.getConnection(ownerUrl)) {
      Report report = new Seeder(plan, calendar).write(connection, progress);
      progress.at("looking at what is there (vacuum, analyze)", 0, 0);
      execute(
          connection,
          "vacuum (analyze) workorder.work_order, workorder.order_history, workorder.sla_mark,"
              + " workorder.technician, workorder.technician_skill, workorder.technician_record");
      return report;
    }
  }

  /// How many customers the orders of such a plan are of.
  public static int customers(SeedPlan plan) {
    return Math.max(1, (int) (plan.orders() * 0.15));
  }

  /// A customer of the plan; the first have the most orders.
  public static UUID customer(int number) {
    SplittableRandom own = new SplittableRandom(SEED ^ number);
    return new UUID(0x0190_0000_0000_7000L | own.nextInt(1 << 12), own.nextLong() >>> 2 | 1L << 63);
  }

  private Report write(Connection connection, Progress progress)
      throws SQLException, IOException, InterruptedException {
    connection.setAutoCommit(false);
    execute(connection, "set local search_path = workorder, public");
    execute(connection, "set local lock_timeout = '30s'");
    execute(connection, "set local statement_timeout = 0");
    execute(connection, "set local maintenance_work_mem = '256MB'");
    execute(connection, "lock table work_order, order_history in access exclusive mode");
    if (number(
            connection, "select count(*) from work_order where created_by = '" + SUPERVISOR + "'")
        > 0) {
      throw new AlreadySeeded();
    }
    long firstCode = number(connection, "select last_value + is_called::int from order_code");
    execute(connection, "select setval('order_code', %d)".formatted(firstCode + plan.orders() - 1));
    // Each row is checked here against what it refers to: it comes with it. Its triggers would take
    // longer than everything else.
    execute(connection, "set local session_replication_role = replica");
    Map<String, String> indexes = dropIndexes(connection);
    Crew crew = new Crew(random, plan);
    copyOrders(connection, crew, firstCode, progress);
    copyTechnicians(connection, crew);
    int built = 0;
    for (var index : indexes.entrySet()) {
      progress.at("index " + index.getKey(), ++built, indexes.size());
      execute(connection, index.getValue());
    }
    progress.at("committing", 0, 0);
    connection.commit();
    connection.setAutoCommit(true);
    return new Report(
        plan.orders(), changes, customers(plan), plan.technicians(), statuses, breached);
  }

  /// Made afterwards, all at once, they take a third of the time; those that are constraints stay.
  private static Map<String, String> dropIndexes(Connection connection) throws SQLException {
    Map<String, String> indexes = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made_by
                from pg_index i
                where i.indrelid = 'work_order'::regclass
                  and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
                order by 1
                """)) {
      while (row.next()) {
        indexes.put(row.getString("name"), row.getString("made_by"));
      }
    }
    for (String name : indexes.keySet()) {
      execute(connection, "drop index " + name);
    }
    return indexes;
  }

  /// One thread makes orders up, the other hands them to the database.
  private void copyOrders(Connection connection, Crew crew, long firstCode, Progress progress)
      throws SQLException, IOException, InterruptedException {
    BlockingQueue<Batch> made = new ArrayBlockingQueue<>(BATCHES_AHEAD);
    List<Throwable> faults = new ArrayList<>();
    Thread maker =
        Thread.ofPlatform()
            .name("seed")
            .daemon()
            .start(() -> {
              try {
                for (int first = 0; first < plan.orders(); first += BATCH) {
                  made.put(batch(crew, first, firstCode));
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException | Error e) {
                synchronized (faults) {
                  faults.add(e);
                }
              }
            });
    try {
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      for (int done = 0; done < plan.orders(); ) {
        Batch batch = made.poll(1, TimeUnit.SECONDS);
        synchronized (faults) {
          if (!faults.isEmpty()) {
            throw new IllegalStateException("orders could not be made up", faults.getFirst());
          }
        }
        if (batch == null) {
          continue;
        }
        copy(copy, ORDERS, batch.rows());
        copy(copy, HISTORY, batch.history());
        copy(copy, MARKS, batch.marks());
        done += batch.orders();
        progress.at("orders", done, plan.orders());
      }
    } finally {
      maker.interrupt();
    }
    maker.join();
  }

  private static final String ORDERS =
      """
      work_order (
        id, code, customer_id, title, description, category, priority, zone, address, latitude,
        longitude, required_skills, estimated_minutes, window_start, window_end, status,
        technician_id, excluded_technicians, hold_reason, resolution_code, resolution_outcome,
        resolution_comment, first_time_fix, cancel_reason, version, created_by, created_at,
        updated_at, assigned_at, arrived_at, held_seconds, ended_at, assign_by, arrive_by,
        resolve_by, sla_warn_at, sla_due_at, sla_breach_at, sla_next_at)
      """;

  private static final String HISTORY =
      """
      order_history (
        order_id, version, occurred_at, actor_id, actor_role, from_status, to_status, priority,
        technician_id, hold_reason, reason)
      """;

  private static final String MARKS = "sla_mark (order_id, target, level, due_at, marked_at)";

  private Batch batch(Crew crew, int first, long firstCode) {
    int last = Math.min(first + BATCH, plan.orders());
    CopyText rows = new CopyText();
    CopyText history = new CopyText();
    CopyText marks = new CopyText();
    for (int i = first; i < last; i++) {
      double age = 1 - (i + random.nextDouble()) / plan.orders();
      long millis = (long) (age * plan.days() * 86_400_000L);
      Instant createdAt = plan.now().minusMillis(millis);
      int customer = (int) (customers(plan) * Math.pow(random.nextDouble(), 1.3));
      Life life = new Life(random, plan, calendar, crew, createdAt, customer(customer), SUPERVISOR);
      UUID id =
          new UUID(
              createdAt.toEpochMilli() << 16 | 0x7000 | random.nextInt(1 << 12),
              random.nextLong() >>> 2 | 1L << 63);
      List<Promise> promises = policy.promises(moments(life));
      order(rows, id, firstCode + i, life, age, promises);
      history(history, id, life);
      marks(marks, id, promises);
      count(life);
    }
    return new Batch(last - first, rows.bytes(), history.bytes(), marks.bytes());
  }

  private void order(
      CopyText row, UUID id, long number, Life life, double age, List<Promise> promises) {
    Zone zone = Zone.ALL.get(life.zone);
    Change last = life.last();
    boolean completed = last.to() == OrderStatus.COMPLETED;
    boolean placed = random.nextInt(10) < 7;
    boolean window = random.nextInt(10) < 3;
    Instant opens = life.createdAt.plusSeconds(3_600L * random.nextInt(2, 48));
    Resolution resolution = completed ? life.resolution : null;
    Sla sla = policy.of(moments(life));
    int year = life.createdAt.atZone(ZoneOffset.UTC).getYear();
    row.add(id)
        .add("WO-%d-%06d".formatted(year, number))
        .add(life.customer)
        .add(Words.title(random, life.category))
        .add(Words.description(random, age))
        .add(life.category)
        .add(life.priority)
        .add(zone.name())
        .add(Words.address(random, zone))
        .add(placed ? zone.latitude() + random.nextDouble(-0.05, 0.05) : null)
        .add(placed ? zone.longitude() + random.nextDouble(-0.05, 0.05) : null)
        .add(
            life.skill == null
                ? "[]"
                : "[{\"skill\":\"%s\",\"level\":%d}]".formatted(life.skill, 1 + random.nextInt(2)))
        .add(life.minutes)
        .add(window ? opens : null)
        .add(window ? opens.plusSeconds(4 * 3_600) : null)
        .add(last.to())
        .add(last.member() == null ? null : last.member().id)
        .add(
            life.excluded.stream()
                .map(m -> m.id.toString())
                .collect(Collectors.joining(",", "{", "}")))
        .add(last.hold())
        .add(resolution == null ? null : resolution.code())
        .add(resolution == null ? null : resolution.outcome())
        .add(resolution == null ? null : resolution.comment())
        .add(completed ? life.fixedAtOnce() : null)
        .add(last.to() == OrderStatus.CANCELLED ? last.reason() : null)
        .add(life.changes.size())
        .add(life.changes.getFirst().actor())
        .add(life.createdAt)
        .add(last.at())
        .add(life.first(OrderStatus.ASSIGNED))
        .add(life.first(OrderStatus.IN_PROGRESS))
        .add(life.heldSeconds())
        .add(life.ended() ? last.at() : null)
        .add(sla.assignBy())
        .add(sla.arriveBy())
        .add(sla.resolveBy())
        .add(sla.warnAt())
        .add(sla.dueAt())
        .add(sla.breachAt())
        .add(next(promises))
        .endRow();
    breached += sla.breachAt() != null && !sla.breachAt().isAfter(plan.now()) ? 1 : 0;
  }

  private static List<Moment> moments(Life life) {
    List<Moment> moments = new ArrayList<>();
    for (Change change : life.changes) {
      moments.add(change.moment(life.priority));
    }
    return moments;
  }

  /// When the watch must look again.
  private Instant next(List<Promise> promises) {
    Instant next = null;
    for (Crossing crossing : Crossing.of(promises)) {
      if (crossing.at().isAfter(plan.now()) && (next == null || crossing.at().isBefore(next))) {
        next = crossing.at();
      }
    }
    return next;
  }

  private void history(CopyText row, UUID id, Life life) {
    OrderStatus from = null;
    int version = 0;
    for (Change change : life.changes) {
      row.add(id)
          .add(++version)
          .add(change.at())
          .add(change.actor())
          .add(change.role())
          .add(from)
          .add(change.to())
          .add(life.priority)
          .add(change.member() == null ? null : change.member().id)
          .add(change.hold())
          .add(change.reason())
          .endRow();
      from = change.to();
    }
    changes += version;
  }

  /// What the watch has told, in its time.
  private void marks(CopyText row, UUID id, List<Promise> promises) {
    for (Promise promise : promises) {
      Instant until = promise.stoppedAt() == null ? plan.now() : promise.stoppedAt();
      mark(row, id, promise, Crossing.Level.WARNING, promise.warnAt(), until);
      mark(row, id, promise, Crossing.Level.BREACHED, promise.dueAt(), until);
    }
  }

  private static void mark(
      CopyText row, UUID id, Promise promise, Crossing.Level level, Instant at, Instant until) {
    // While its clock stands nobody knows when it is due, and nothing is told.
    if (at != null && promise.dueAt() != null && at.isBefore(until)) {
      row.add(id).add(promise.target()).add(level).add(promise.dueAt()).add(at).endRow();
    }
  }

  private void count(Life life) {
    statuses.merge(life.last().to(), 1, Integer::sum);
    for (Change change : life.changes) {
      Member member = change.member();
      if (change.to() == OrderStatus.ASSIGNED) {
        member.assignments++;
        member.lastAssigned =
            member.lastAssigned == null || member.lastAssigned.isBefore(change.at())
                ? change.at()
                : member.lastAssigned;
      } else if (change.to() == OrderStatus.COMPLETED) {
        int[] record = member.record.computeIfAbsent(life.category, _ -> new int[2]);
        record[0]++;
        record[1] += life.fixedAtOnce() ? 1 : 0;
      }
    }
  }

  private static void copyTechnicians(Connection connection, Crew crew)
      throws SQLException, IOException {
    CopyText rows = new CopyText();
    CopyText skills = new CopyText();
    CopyText records = new CopyText();
    for (Member member : crew.members()) {
      String[] shift = member.shift == null ? new String[3] : member.shift.split("\\|");
      rows.add(member.id)
          .add(member.name)
          .add(member.active)
          .add(0)
          .add(true)
          .add(member.zone == null ? null : member.zone.name())
          .add(shift[0])
          .add(shift[1])
          .add(shift[2])
          .add(member.shift == null ? null : "America/Bogota")
          .add(member.available)
          .add(member.latitude)
          .add(member.longitude)
          .add(member.assignments)
          .add(member.lastAssigned)
          .endRow();
      member.skills.forEach((skill, level) ->
          skills.add(member.id).add(skill).add(level).add(member.expiries.get(skill)).endRow());
      member.record.forEach((category, counts) ->
          records.add(member.id).add(category).add(counts[0]).add(counts[1]).endRow());
    }
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    copy(
        copy,
        """
        technician (
          id, name, active, user_sequence, profile_set, zone, shift_days, shift_start, shift_end,
          shift_zone, available, latitude, longitude, load_version, last_assigned_at)
        """,
        rows.bytes());
    copy(copy, "technician_skill (technician_id, skill, level, expires_on)", skills.bytes());
    copy(copy, "technician_record (technician_id, category, completed, fixed)", records.bytes());
  }

  private static void copy(CopyManager copy, String table, byte[] rows)
      throws SQLException, IOException {
    copy.copyIn("copy " + table + " from stdin", new ByteArrayInputStream(rows));
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
