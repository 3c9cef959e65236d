package com.telconova.local.bench;

import com.telconova.local.api.Client;
import com.telconova.local.demo.Story;
import com.telconova.local.people.Person;
import com.telconova.local.steps.StepFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One operation beside its limit: pgbench with the SQL that the service sends for it, and the
/// service, in turn.
final class Rate implements Part {
  private static final int CONNECTIONS = 32;
  private static final int SESSIONS = 8;
  private static final String ORDER_ID = "('%s' || :c || '-8000-' || :n)::uuid";

  private final What what;

  /// An operation.
  enum What {
    GET("get", "GET /orders/{id}", 200, Budget.GET_SHARE, Budget.GET_CPU),
    LIST("list", "GET /orders?status=CREATED&limit=20", 200, Budget.LIST_SHARE, null),
    CREATE("create", "POST /orders", 201, Budget.CREATE_SHARE, Budget.CREATE_CPU);

    private final String word;
    private final String title;
    private final int status;
    private final Budget share;
    private final Budget cpu;

    What(String word, String title, int status, Budget share, Budget cpu) {
      this.word = word;
      this.title = title;
      this.status = status;
      this.share = share;
      this.cpu = cpu;
    }
  }

  /// One measurement of the service.
  record Served(Requester.Result result, double cpuMillis, double postgresMillis) {}

  Rate(What what) {
    this.what = what;
  }

  @Override
  public String name() {
    return what.word;
  }

  @Override
  public String about() {
    return what.title + " beside pgbench with the same SQL";
  }

  @Override
  public void run(Ground ground, Scale scale, Outcome.Draft out) throws Exception {
    ground.arrangeForRates();
    ground.seed(scale.orders());
    var pgbench = Pgbench.find();
    var limits = new ArrayList<Double>();
    var rates = new ArrayList<Double>();
    var shares = new ArrayList<Double>();
    var cpu = new ArrayList<Double>();
    var rows =
        out.grid(
            what.title + ", in turn",
            "round",
            "pgbench/s>",
            "service/s>",
            "share %>",
            "p50 ms>",
            "p99 ms>",
            "CPU ms>",
            "PostgreSQL ms>",
            "load ms>");
    ground.progress("warming up");
    serve(ground, scale.warmUp());
    Optional<Statements.Script> script = pgbench.isEmpty() ? Optional.empty() : script(ground);
    if (pgbench.isEmpty()) {
      out.missing(Pgbench.MISSING);
    }
    for (int round = 1; round <= scale.rounds(); round++) {
      double limit = Double.NaN;
      if (script.isPresent()) {
        ground.progress("round %d of %d, pgbench", round, scale.rounds());
        limit = limit(ground, pgbench.get(), script.get(), scale);
        limits.add(limit);
      }
      ground.progress("round %d of %d, the service", round, scale.rounds());
      serve(ground, scale.measured().dividedBy(5)); // it stood still
      var served = serve(ground, scale.measured());
      var result = served.result();
      rates.add(result.rate());
      shares.add(result.rate() / limit * 100);
      cpu.add(served.cpuMillis());
      rows.add(
          List.of(
              Integer.toString(round),
              Budget.number(limit),
              Budget.number(result.rate()),
              Budget.number(result.rate() / limit * 100),
              Budget.number(result.millis().percentile(50)),
              Budget.number(result.millis().percentile(99)),
              Budget.number(served.cpuMillis()),
              Budget.number(served.postgresMillis()),
              Budget.number(result.ownCpuMillis())));
    }
    judge(out, Series.of(limits), Series.of(rates), Series.of(shares), Series.of(cpu));
    script.ifPresent(
        s -> out.command(Pgbench.command(scale.measured()) + ", script.sql:\n" + s.text()));
    pgbench.ifPresent(p -> out.note("%s; %s.", p.version(), postgres(ground)));
  }

  private void judge(Outcome.Draft out, Series limits, Series rates, Series shares, Series cpu) {
    if (limits.size() > 0) {
      out.judge(
          what.share,
          rates.median() / limits.median() * 100,
          "median %s/s of %s/s; %d rounds of %s %%"
              .formatted(
                  Budget.number(rates.median()),
                  Budget.number(limits.median()),
                  shares.size(),
                  shares.spread()));
    }
    if (what.cpu != null) {
      out.judge(
          what.cpu,
          cpu.median(),
          "median of %d rounds of %s ms, the recording and the relay included"
              .formatted(cpu.size(), cpu.spread()));
    }
  }

  private static String postgres(Ground ground) {
    try {
      return "PostgreSQL %s, fsync=%s, synchronous_commit=%s, shared_buffers=%s"
          .formatted(
              ground.query("show server_version"),
              ground.query("show fsync"),
              ground.query("show synchronous_commit"),
              ground.query("show shared_buffers"));
    } catch (java.sql.SQLException e) {
      return "PostgreSQL does not say what it is: " + e.getMessage();
    }
  }

  private Person who(Ground ground) {
    return what == What.CREATE ? ground.client() : ground.supervisor();
  }

  private Served serve(Ground ground, java.time.Duration time) throws Exception {
    var workorder = ground.service("workorder");
    var tokens = ground.tokens(who(ground), SESSIONS);
    var requests =
        switch (what) {
          case GET -> Calls.get(tokens, ground.copies());
          case LIST -> Calls.list(tokens);
          case CREATE -> Calls.create(tokens);
        };
    if (what == What.CREATE) {
      ground.sql("checkpoint");
    }
    try (var requester = new Requester(List.of(workorder.url()), CONNECTIONS, requests)) {
      var before = ground.cpu(workorder);
      var postgres = ground.postgresCpu();
      var result = requester.closed(time);
      double cpu = ground.cpu(workorder).minus(before).toNanos() / 1e6;
      double postgresCpu = ground.postgresCpu().minus(postgres).toNanos() / 1e6;
      if (result.failed() > 0) {
        throw new StepFailed(what.title + " failed: " + result.errors());
      }
      return new Served(result, cpu / result.answered(), postgresCpu / result.answered());
    }
  }

  private double limit(Ground ground, Pgbench pgbench, Statements.Script script, Scale scale)
      throws Exception {
    Path file = ground.scratch().resolve(what.word + ".sql");
    Files.writeString(file, script.text());
    var variables = new HashMap<>(script.variables());
    // New ids in each run.
    variables.put(
        "base", Long.toString(100_000_000_000L + System.currentTimeMillis() % 100_000_000 * 1_000));
    variables.put("k", "0");
    var rate = new double[1];
    ground.alone(() -> {
      if (what == What.CREATE) {
        ground.sql("checkpoint");
      }
      rate[0] =
          pgbench.run(
              ground.bench().environment().database("workorder"),
              file,
              variables,
              scale.measured());
      if (what == What.CREATE) { // or the relay would send them
        ground.sql(
            "delete from workorder.outbox where aggregate_id between '"
                + Ground.PGBENCH
                + "000-0000-000000000000' and '"
                + Ground.PGBENCH
                + "fff-ffff-ffffffffffff'");
      }
    });
    return rate[0];
  }

  /// Takes the SQL from the service itself.
  private Optional<Statements.Script> script(Ground ground) throws Exception {
    var id = new String[1];
    var token = ground.tokens(who(ground), 1).getFirst();
    var path = "/orders/" + Ground.COPY + Ground.FIRST_COPY;
    var log =
        ground.logged(() -> {
          try (var api = new Client(ground.service("workorder").url())) {
            var answer =
                switch (what) {
                  case GET -> api.get(path, token);
                  case LIST -> api.get("/orders?status=CREATED&limit=20", token);
                  case CREATE -> api.post("/orders", token, Story.ORDER);
                };
            Ground.expect(what.status, answer, what.title);
            id[0] = what == What.LIST ? "CREATED" : answer.text("/id");
          }
        });
    var statements =
        Statements.read(log, "workorder").stream()
            .filter(s -> s.has(id[0]))
            .filter(s -> what != What.LIST || s.sql().contains("from work_order"))
            .toList();
    if (statements.isEmpty()) {
      throw new StepFailed("the database's log shows no statement of " + what.title);
    }
    return Optional.of(
        Statements.script(statements, head(ground), computed(statements, id[0]), Instant.now()));
  }

  private String head(Ground ground) {
    return switch (what) {
      case GET ->
          "\\set n random(%d, %d)\n"
              .formatted(Ground.FIRST_COPY, Ground.FIRST_COPY + ground.copies() - 1);
      case LIST -> "";
      case CREATE -> "\\set c :client_id + 100\n\\set k :k + 1\n\\set n :base + :k\n";
    };
  }

  private Map<String, String> computed(List<Statements.Executed> statements, String id) {
    var computed = new HashMap<String, String>();
    switch (what) {
      case GET -> computed.put(id, "('" + Ground.COPY + "' || :n)::uuid");
      case LIST -> {}
      case CREATE -> {
        computed.put(id, ORDER_ID.formatted(Ground.PGBENCH));
        // What no other order has: its code, and its event's id, in an array of one.
        for (var statement : statements) {
          for (var value : statement.parameters().values()) {
            if (value != null && value.matches("WO-[0-9]{4}-[0-9]{6,}")) {
              computed.put(value, "'WO-' || :c || '-' || :n");
            } else if (value != null
                && value.matches("\\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}}")) {
              computed.put(
                  value.substring(1, value.length() - 1),
                  "('01999999-aaaa-7' || :c || '-8000-' || :n)::uuid");
            }
          }
        }
      }
    }
    return computed;
  }
}
