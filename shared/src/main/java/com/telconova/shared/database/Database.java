package com.telconova.shared.database;

import com.telconova.shared.problem.Failure;
import com.telconova.shared.trace.Span;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The service's database: a pool of connections and the gate in front of it.
///
/// Requests and background work (consumers, relay, schedulers) have lanes of their own, so that
/// neither starves the other. Every wait is bounded: for a place, for a connection, for a lock, for
/// a statement and for the network. Thread-safe.
public final class Database implements AutoCloseable {
  private static final int MAX_WAITING_REQUESTS = 50;
  private static final Duration REQUEST_WAIT = Duration.ofMillis(700);
  private static final int MAX_WAITING_BACKGROUND = 1_000;
  private static final Duration BACKGROUND_WAIT = Duration.ofSeconds(10);
  private static final Duration START_PAUSE = Duration.ofMillis(100);
  private static final int MAX_WAITING_CHECKS = 10;
  private static final Duration CHECK_WAIT = Duration.ofSeconds(1);

  private static final Duration FORSAKE_PAUSE = Duration.ofSeconds(1);
  private static final Duration FILL_PAUSE = Duration.ofMillis(10);
  private static final String TRANSACTION = "transaction";
  private static final String QUERY = "query";
  private static final Optional<Witness> UNSEEN = Optional.empty();
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final ScopedValue<Optional<Witness>> inside = ScopedValue.newInstance();
  private final Gate requests;
  private final Gate background;
  private final Gate check = new Gate("check", 1, MAX_WAITING_CHECKS, CHECK_WAIT);
  private final AtomicLong forsaken = new AtomicLong(System.nanoTime());
  private final ScopedValue<JoinedTransaction> joined = ScopedValue.newInstance();

  private Database(DatabaseConfig config, HikariDataSource pool) {
    this.pool = pool;
    this.jdbi = Jdbi.create(this::connect);
    jdbi.registerArrayType(UUID.class, "uuid");
    jdbi.registerArrayType(String.class, "text");
    jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(false);
    jdbi.registerArgument(new UuidArgumentFactory());
    // What is bound may be personal or secret, and exceptions go to the log.
    jdbi.getConfig(StatementExceptions.class)
        .setMessageRendering(StatementExceptions.MessageRendering.NONE);
    this.requests = new Gate("requests", config.requests(), MAX_WAITING_REQUESTS, REQUEST_WAIT);
    this.background =
        new Gate("background", config.background(), MAX_WAITING_BACKGROUND, BACKGROUND_WAIT);
  }

  /// Opens the pool, which makes its connections in the background; use [SchemaVersion] to see
  /// whether the database is there, and [#fill] to wait for them.
  public static Database open(DatabaseConfig config, CollectorRegistry registry) {
    Database database = new Database(config, new HikariDataSource(hikari(config)));
    database.measure(registry);
    return database;
  }

  /// Waits until there is a connection for each request that may run at once. A pool grows by one
  /// connection at a time, each of which costs more than most requests do, and the first flood
  /// would spend its second waiting for that: of 1,000 requests at once, 13 were served.
  ///
  /// @param patience how long at most; what is missing then is made when it is needed
  public void fill(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (pool.getHikariPoolMXBean().getTotalConnections() < pool.getMinimumIdle()) {
      if (System.nanoTime() >= deadline) {
        log.warn(
            "Only {} of {} connections could be made; going on with them",
            pool.getHikariPoolMXBean().getTotalConnections(),
            pool.getMinimumIdle());
        return;
      }
      LockSupport.parkNanos(FILL_PAUSE.toNanos());
    }
  }

  private static HikariConfig hikari(DatabaseConfig config) {
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("database");
    hikari.setJdbcUrl(config.url());
    hikari.setUsername(config.user());
    hikari.setPassword(config.password().value());
    hikari.setMaximumPoolSize(config.requests() + config.background() + 1);
    hikari.setMinimumIdle(config.requests());
    hikari.setIdleTimeout(Duration.ofMinutes(2).toMillis());
    hikari.setConnectionTimeout(Duration.ofSeconds(1).toMillis());
    // Five seconds unless told otherwise: as long as a request may take from first to last.
    hikari.setValidationTimeout(Duration.ofSeconds(1).toMillis());
    hikari.setMaxLifetime(Duration.ofMinutes(15).toMillis());
    hikari.setInitializationFailTimeout(-1);
    hikari.addDataSourceProperty("ApplicationName", config.user());
    hikari.addDataSourceProperty("connectTimeout", "1");
    hikari.addDataSourceProperty("socketTimeout", "3");
    hikari.addDataSourceProperty("tcpKeepAlive", "true");
    hikari.addDataSourceProperty("logServerErrorDetail", "false");
    hikari.addDataSourceProperty(
        "options",
        "-c statement_timeout=2000 -c lock_timeout=500"
            + " -c idle_in_transaction_session_timeout=30000");
    return hikari;
  }

  /// Runs `work` in one transaction, for a request: all of it happens, or nothing.
  ///
  /// @throws com.telconova.shared.problem.Failure.Unavailable when too many requests are at it
  public <T, X extends Exception> T inTransaction(HandleCallback<T, X> work) throws X {
    return joined.isBound()
        ? joined.get().run(work)
        : through(requests, TRANSACTION, () -> jdbi.inTransaction(work));
  }

  /// As [#inTransaction], without a result.
  public <X extends Exception> void useTransaction(HandleConsumer<X> work) throws X {
    inTransaction(handle -> {
      work.useHandle(handle);
      return null;
    });
  }

  /// As [#inTransaction], and never joined with others by [#joined]: for what is learnt on the way
  /// and stays true whatever becomes of the request. Comes before the request's own transactions.
  public <T, X extends Exception> T inTransactionApart(HandleCallback<T, X> work) throws X {
    return through(requests, TRANSACTION, () -> jdbi.inTransaction(work));
  }

  /// As [#inTransactionApart], without a result.
  public <X extends Exception> void useTransactionApart(HandleConsumer<X> work) throws X {
    inTransactionApart(handle -> {
      work.useHandle(handle);
      return null;
    });
  }

  /// As [#inTransaction], for consumers, relay and schedulers: waits longer for its turn.
  public <T, X extends Exception> T inBackground(HandleCallback<T, X> work) throws X {
    return through(background, TRANSACTION, () -> jdbi.inTransaction(work));
  }

  /// As [#inBackground], and again for up to 15 s while the database cannot answer: for a start,
  /// when other instances may hold a lock because they start, too.
  ///
  /// @throws Failure.Unavailable when it could not all the time
  public <T> T atStart(HandleCallback<T, RuntimeException> work) {
    long deadline = System.nanoTime() + SchemaVersion.PATIENCE.toNanos();
    while (true) {
      try {
        return inBackground(work);
      } catch (JdbiException e) {
        Optional<Failure.Unavailable> busy = DatabaseFaults.unavailable(e);
        if (busy.isEmpty()) {
          throw e;
        } else if (System.nanoTime() >= deadline) {
          throw busy.get();
        }
      }
      LockSupport.parkNanos(START_PAUSE.toNanos());
    }
  }

  /// Joins all transactions of a request into one. It begins with the first of them and commits
  /// after `finish`: what they did and what `finish` writes happen together, or not at all.
  ///
  /// A request that throws ends as it would without this: what its transactions did before stays,
  /// and `finish` is left out. Whatever the request does after its first transaction, it does
  /// holding a connection: slow work belongs before it.
  ///
  /// @param begin runs first in that transaction; refuses it by throwing
  /// @param request its calls of [#inTransaction] and [#read] on this thread take part
  /// @param finish runs last
  public <X extends Exception> void joined(
      HandleConsumer<RuntimeException> begin, Request<X> request, HandleConsumer<X> finish)
      throws X {
    try (JoinedTransaction transaction = new JoinedTransaction(jdbi, requests, begin)) {
      ScopedValue.where(joined, transaction)
          .<Void, X>call(() -> {
            request.run();
            return null;
          });
      transaction.finish(finish);
    } catch (JdbiException e) {
      forsakeIfLost(e);
      throw e;
    }
  }

  /// The work of a request.
  @FunctionalInterface
  public interface Request<X extends Exception> {
    void run() throws X;
  }

  /// Runs one query outside a transaction, for a request; inside one that was joined and has begun,
  /// so that it sees what was done.
  public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
    if (joined.isBound() && joined.get().hasBegun()) {
      return joined.get().run(work);
    }
    return through(requests, QUERY, () -> jdbi.withHandle(work));
  }

  /// As [#inTransaction], for what is one statement, or several sent by [Write#together]: these are
  /// a transaction by themselves, without the round trips that begin and end one.
  public <T, X extends Exception> T atOnce(HandleCallback<T, X> work) throws X {
    return joined.isBound()
        ? joined.get().run(work)
        : through(requests, TRANSACTION, () -> jdbi.withHandle(work));
  }

  /// What is wrong with the database, in a few words; empty when it answers. Has a lane and a
  /// connection of its own: to be busy is not to be down, and whoever took a busy instance out
  /// would make the others busier.
  public Optional<String> fault() {
    try {
      through(check, QUERY, () -> jdbi.withHandle(handle -> handle.execute("select 1")));
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of("the database does not answer");
    }
  }

  /// Lets a request in that will use the database, or not: cheaper than to let it find out itself.
  ///
  /// @return runs the request, on the caller's thread; empty when it would be turned away
  public Optional<Executor> admit() {
    return requests.promise();
  }

  @Override
  public void close() {
    pool.close();
  }

  /// Where one connection was lost, the others are not to be trusted: after a failure of the
  /// network each would cost a request its second before it is found out. New ones are made
  /// meanwhile.
  private void forsakeIfLost(JdbiException failure) {
    if (!DatabaseFaults.isLostConnection(failure)) {
      return;
    }
    long now = System.nanoTime();
    long last = forsaken.get();
    if (now - last > FORSAKE_PAUSE.toNanos() && forsaken.compareAndSet(last, now)) {
      pool.getHikariPoolMXBean().softEvictConnections();
    }
  }

  /// Work inside other work of its thread shares that one's connection, as Jdbi has it. It takes no
  /// second place: with every place taken by such work, none would ever come free.
  private <T, X extends Exception> T through(
      Gate gate, String what, ScopedValue.CallableOp<T, X> work) throws X {
    if (inside.isBound()) {
      return work.call();
    }
    Witness witness = Witness.of(gate, what);
    try {
      return witness == null ? entered(gate, UNSEEN, work) : seen(gate, witness, work);
    } catch (JdbiException e) {
      forsakeIfLost(e);
      throw e;
    }
  }

  private <T, X extends Exception> T seen(
      Gate gate, Witness witness, ScopedValue.CallableOp<T, X> work) throws X {
    try (Span.Scope _ = witness.scope()) {
      return entered(gate, Optional.of(witness), work);
    } catch (Throwable thrown) {
      witness.fail(thrown);
      throw thrown;
    } finally {
      witness.commit();
    }
  }

  private <T, X extends Exception> T entered(
      Gate gate, Optional<Witness> witness, ScopedValue.CallableOp<T, X> work) throws X {
    gate.enter();
    try {
      witness.ifPresent(Witness::enter);
      return ScopedValue.where(inside, witness).call(work);
    } finally {
      gate.leave();
    }
  }

  private Connection connect() throws SQLException {
    Optional<Witness> witness = inside.orElse(UNSEEN);
    if (witness.isEmpty()) {
      return pool.getConnection();
    }
    long began = System.nanoTime();
    try {
      return pool.getConnection();
    } finally {
      witness.get().connect(System.nanoTime() - began);
    }
  }

  private void measure(CollectorRegistry registry) {
    Gauge connections =
        Gauge.build("db_client_connection_count", "Connections in the pool, by state.")
            .labelNames("state")
            .register(registry);
    connections.setChild(read(() -> pool.getHikariPoolMXBean().getActiveConnections()), "used");
    connections.setChild(read(() -> pool.getHikariPoolMXBean().getIdleConnections()), "idle");
    Gauge waiting =
        Gauge.build("db_gate_waiting", "Callers that wait in front of the pool, by lane.")
            .labelNames("lane")
            .register(registry);
    waiting.setChild(read(requests::waiting), "requests");
    waiting.setChild(read(background::waiting), "background");
    Counter refused =
        Counter.build("db_gate_refused_total", "Callers turned away before the pool, by lane.")
            .labelNames("lane")
            .register(registry);
    refused.setChild(total(requests::refused), "requests");
    refused.setChild(total(background::refused), "background");
  }

  /// Jdbi's own binds a missing UUID as text, which PostgreSQL refuses.
  private static final class UuidArgumentFactory extends AbstractArgumentFactory<UUID> {
    UuidArgumentFactory() {
      super(Types.OTHER);
    }

    @Override
    protected Argument build(UUID value, ConfigRegistry config) {
      return (position, statement, _) -> statement.setObject(position, value);
    }
  }

  private static Counter.Child total(LongSupplier count) {
    return new Counter.Child() {
      @Override
      public double get() {
        return count.getAsLong();
      }
    };
  }

  private static Gauge.Child read(IntSupplier count) {
    return new Gauge.Child() {
      @Override
      public double get() {
        return count.getAsInt();
      }
    };
  }
}
