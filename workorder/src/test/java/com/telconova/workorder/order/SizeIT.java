package com.telconova.workorder.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.DatabaseConfig;
import com.telconova.shared.http.Page;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.workorder.SeededDatabase;
import com.telconova.workorder.seed.Words;
import com.telconova.workorder.sla.Moment;
import com.telconova.workorder.sla.Priority;
import com.telconova.workorder.sla.SlaPolicy;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What lists cost at the database when there are very many orders: the statements are those that
/// run in production, prepared and bound as there.
final class SizeIT {
  private static final int ROUNDS = Rounds.of(7, 200);

  /// There are very many pairs of filters; a build looks at some of them.
  private static final int ROUNDS_OF_A_PAIR = Rounds.of(2, 10);

  private static final int EVERY = Rounds.of(40, 1);

  /// With what is promised for full rounds; a build's machine is busy.
  private static final double MAX_P99_MILLIS = Rounds.of(2_000, 50);

  /// For two filters at once nothing is promised but that they are answered: some pairs contradict
  /// each other in nearly every order there is.
  private static final double MAX_MILLIS_OF_A_PAIR = 2_000;

  private static final Page.Request FIRST = new Page.Request(20, null);

  private static SeededDatabase seeded;
  private static Database database;
  private static Jdbi admin;
  private static Instant now;
  private static Page.Request farIn;
  private static UUID technician;
  private static UUID customer;

  private final OrderSearch search = new OrderSearch();
  private final List<String> slow = new ArrayList<>();

  @BeforeAll
  static void start() {
    seeded = SeededDatabase.get();
    now = seeded.plan().now();
    database =
        Database.open(
            new DatabaseConfig(seeded.url(), "workorder", new Secret(Bench.get().password()), 1, 1),
            new CollectorRegistry());
    admin = Jdbi.create(seeded.adminUrl());
    Instant old = seeded.plan().from().plus(Duration.ofDays(30));
    farIn = new Page.Request(20, new Page.Cursor(old, new UUID(0, 0)));
    technician =
        one(
            "select technician_id from workorder.work_order where technician_id is not null group by 1 order by count(*) desc limit 1");
    customer =
        one(
            "select customer_id from workorder.work_order group by 1 order by count(*) desc limit 1");
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void seeded_orders_are_what_the_rules_make_of_their_history() {
    SlaPolicy policy = new SlaPolicy(SeededDatabase.calendar());
    OrderHistory histories = new OrderHistory();
    List<UUID> sample =
        admin.withHandle(handle ->
            handle
                .createQuery(
                    """
                    (select id from workorder.work_order where ended_at is null limit 300)
                    union
                    (select id from workorder.work_order order by md5(code) limit 700)
                    """)
                .mapTo(UUID.class)
                .list());

    for (UUID id : sample) {
      Order order = database.read(handle -> new OrderRepository().find(handle, id)).orElseThrow();
      List<HistoryEntry> history = database.read(handle -> histories.list(handle, id));
      List<Moment> moments = history.stream().map(HistoryEntry::moment).toList();
      assertThat(order.sla()).isEqualTo(policy.of(moments));
      assertThat(order.version()).isEqualTo(history.size());
      assertThat(order.state().status()).isEqualTo(history.getLast().to());
      assertThat(order.updatedAt()).isEqualTo(history.getLast().time()).isBeforeOrEqualTo(now);
    }

    assertThat(
            count(
                "order_history h where not exists (select 1 from workorder.work_order o where o.id = h.order_id)"))
        .isZero();
    assertThat(
            count(
                "work_order o where technician_id is not null and not exists (select 1 from workorder.technician t where t.id = o.technician_id)"))
        .isZero();
    assertThat(count("work_order where status = 'COMPLETED'"))
        .isEqualTo(
            admin.withHandle(handle ->
                handle
                    .createQuery("select sum(completed) from workorder.technician_record")
                    .mapTo(Long.class)
                    .one()));
    assertThat(seeded.state()).isEqualTo("0 events, next " + (seeded.plan().orders() + 1));
  }

  @Test
  void each_list_takes_an_index_and_little_time() {
    Map<String, OrderFilter> singles = singles();
    singles.put("-", new Builder().build());
    List<String> names = List.copyOf(singles.keySet());
    List<Runnable> pairs = new ArrayList<>();
    for (int one = 0; one < names.size(); one++) {
      for (int other = one + 1; other < names.size(); other++) {
        OrderFilter both = both(singles.get(names.get(one)), singles.get(names.get(other)));
        String name = names.get(one) + " " + names.get(other);
        if (both != null && !name.endsWith("-")) {
          pairs.add(() -> measure(ROUNDS_OF_A_PAIR, MAX_MILLIS_OF_A_PAIR, name, both));
        }
      }
    }
    head("filter");

    singles.forEach((name, filter) -> measure(ROUNDS, MAX_P99_MILLIS, name, filter));
    for (int pair = 0; pair < pairs.size(); pair += EVERY) {
      pairs.get(pair).run();
    }

    assertThat(slow).isEmpty();
  }

  @Test
  void what_the_watch_the_dispatcher_and_a_history_read_takes_an_index() {
    UUID order = one("select id from workorder.work_order where status = 'COMPLETED' limit 1");
    head("statement");

    measure(
        ROUNDS,
        MAX_P99_MILLIS,
        "orders that wait, for a dispatch",
        handle -> search.listOpen(handle, 500));
    measure(
        ROUNDS,
        MAX_P99_MILLIS,
        "orders that the SLA watch looks at",
        handle -> new SlaMarks().lockDue(handle, now.plusSeconds(3_600), 20));
    measure(
        ROUNDS, MAX_P99_MILLIS, "one order", handle -> new OrderRepository().find(handle, order));
    measure(
        ROUNDS, MAX_P99_MILLIS, "its history", handle -> new OrderHistory().list(handle, order));

    assertThat(slow).isEmpty();
  }

  private Map<String, OrderFilter> singles() {
    Map<String, OrderFilter> some = new LinkedHashMap<>();
    for (OrderStatus status : OrderStatus.values()) {
      some.put("status=" + status, new Builder().status(status).build());
    }
    some.put("priority=P1", new Builder().priority(Priority.P1).build());
    some.put("priority=P3", new Builder().priority(Priority.P3).build());
    some.put("category=REPAIR", new Builder().category(WorkRequest.Category.REPAIR).build());
    some.put(
        "category=DISCONNECTION",
        new Builder().category(WorkRequest.Category.DISCONNECTION).build());
    for (String zone : List.of("BOG-NORTE", "ADZ", "NOWHERE")) {
      some.put("zone=" + zone, new Builder().zone(zone).build());
    }
    some.put("technicianId=busiest", new Builder().technician(technician).build());
    some.put("technicianId=nobody", new Builder().technician(UUID.randomUUID()).build());
    some.put("customerId=best", new Builder().customer(customer).build());
    some.put("customerId=nobody", new Builder().customer(UUID.randomUUID()).build());
    some.put("createdFrom=yesterday", new Builder().from(now.minus(Duration.ofDays(1))).build());
    some.put(
        "createdTo=long ago",
        new Builder().to(seeded.plan().from().plus(Duration.ofDays(2))).build());
    some.put("dueBefore=long ago", new Builder().due(seeded.plan().from()).build());
    some.put("dueBefore=soon", new Builder().due(now.plusSeconds(3_600)).build());
    some.put("dueBefore=far", new Builder().due(now.plus(Duration.ofDays(60))).build());
    some.put("breached=true", new Builder().breached(true).build());
    some.put("breached=false", new Builder().breached(false).build());
    for (String text :
        List.of(
            Words.FREQUENT,
            Words.OCCASIONAL,
            Words.RARE,
            Words.OLD,
            Words.OLD_AND_FREQUENT,
            Words.NOWHERE,
            "ñez",
            "WO-2026-012345",
            "-0123",
            "Calle 100 # 8-60",
            "Calle 10",
            "internet se cae",
            "INUNDACION")) {
      some.put("q=" + text, new Builder().text(text).build());
    }
    return some;
  }

  private static void head(String what) {
    System.out.printf(
        "%,d orders%n%-62s %8s %8s  %s%n",
        seeded.plan().orders(), what, "p50 ms", "p99 ms", "index");
  }

  private void measure(int rounds, double most, String name, OrderFilter filter) {
    measure(rounds, most, name, handle -> search.list(handle, filter, FIRST));
    measure(rounds, most, name + " (far in)", handle -> search.list(handle, filter, farIn));
  }

  private void measure(int rounds, double most, String name, Function<Handle, ?> work) {
    Map<String, Long> before = scans();
    double[] millis = new double[rounds];
    database.read(handle -> {
      for (int round = 0; round < rounds; round++) {
        long began = System.nanoTime();
        try {
          work.apply(handle);
        } catch (JdbiException e) {
          slow.add(name + ": " + e.getCause().getMessage());
          millis[round] = Double.POSITIVE_INFINITY;
          break;
        }
        millis[round] = (System.nanoTime() - began) / 1e6;
      }
      return handle.execute("select pg_stat_force_next_flush()");
    });
    Map<String, Long> after = scans();
    String used =
        after.entrySet().stream()
            .filter(each -> each.getValue() > before.getOrDefault(each.getKey(), 0L))
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(" "));
    Arrays.sort(millis);
    double p99 = millis[(int) Math.ceil(rounds * 0.99) - 1];
    System.out.printf("%-62s %8.2f %8.2f  %s%n", name, millis[rounds / 2], p99, used);
    if (p99 > most || used.isEmpty() || used.contains("SEQ") && mayNotBeScanned(name)) {
      slow.add("%s: %.1f ms, %s".formatted(name, p99, used));
    }
  }

  /// In a small table, to look at five thousand rows of a large zone is to look at most of it.
  private static boolean mayNotBeScanned(String name) {
    return seeded.plan().orders() > 100_000 || !name.matches("zone=BOG-NORTE q=.*");
  }

  /// How often each index was looked into so far, and the table read from end to end.
  private static Map<String, Long> scans() {
    return admin.withHandle(handle ->
        handle
            .createQuery(
                """
                select replace(indexrelname, 'work_order_', '') as name, idx_scan as scans
                from pg_stat_all_indexes
                where schemaname = 'workorder' and relname in ('work_order', 'order_history')
                union all
                select 'SEQ', seq_scan from pg_stat_all_tables
                where schemaname = 'workorder' and relname = 'work_order'
                order by name
                """)
            .reduceRows(
                new LinkedHashMap<String, Long>(),
                (map, row) -> {
                  map.put(row.getColumn("name", String.class), row.getColumn("scans", Long.class));
                  return map;
                }));
  }

  private static UUID one(String query) {
    return admin.withHandle(handle -> handle.createQuery(query).mapTo(UUID.class).one());
  }

  private static long count(String from) {
    return admin.withHandle(handle ->
        handle.createQuery("select count(*) from workorder." + from).mapTo(Long.class).one());
  }

  /// @return null when both ask for the same
  private static OrderFilter both(OrderFilter a, OrderFilter b) {
    Object[] one = fields(a);
    Object[] other = fields(b);
    for (int i = 0; i < one.length; i++) {
      if (one[i] != null && other[i] != null) {
        return null;
      }
    }
    return new OrderFilter(
        or(a.status(), b.status()),
        or(a.priority(), b.priority()),
        or(a.category(), b.category()),
        or(a.zone(), b.zone()),
        or(a.technicianId(), b.technicianId()),
        or(a.customerId(), b.customerId()),
        or(a.createdFrom(), b.createdFrom()),
        or(a.createdTo(), b.createdTo()),
        or(a.dueBefore(), b.dueBefore()),
        or(a.breached(), b.breached()),
        now,
        or(a.text(), b.text()));
  }

  private static Object[] fields(OrderFilter f) {
    return new Object[] {
      f.status(),
      f.priority(),
      f.category(),
      f.zone(),
      f.technicianId(),
      f.customerId(),
      f.createdFrom(),
      f.createdTo(),
      f.dueBefore(),
      f.breached(),
      f.text()
    };
  }

  private static <T> T or(T one, T other) {
    return one == null ? other : one;
  }

  private static final class Builder {
    private OrderStatus status;
    private Priority priority;
    private WorkRequest.Category category;
    private String zone;
    private UUID technician;
    private UUID customer;
    private Instant from;
    private Instant to;
    private Instant due;
    private Boolean breached;
    private String text;

    Builder status(OrderStatus value) {
      status = value;
      return this;
    }

    Builder priority(Priority value) {
      priority = value;
      return this;
    }

    Builder category(WorkRequest.Category value) {
      category = value;
      return this;
    }

    Builder zone(String value) {
      zone = value;
      return this;
    }

    Builder technician(UUID value) {
      technician = value;
      return this;
    }

    Builder customer(UUID value) {
      customer = value;
      return this;
    }

    Builder from(Instant value) {
      from = value;
      return this;
    }

    Builder to(Instant value) {
      to = value;
      return this;
    }

    Builder due(Instant value) {
      due = value;
      return this;
    }

    Builder breached(boolean value) {
      breached = value;
      return this;
    }

    Builder text(String value) {
      text = value;
      return this;
    }

    OrderFilter build() {
      return new OrderFilter(
          status,
          priority,
          category,
          zone,
          technician,
          customer,
          from,
          to,
          due,
          breached,
          now,
          text);
    }
  }
}
