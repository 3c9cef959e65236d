package com.telconova.auth;

import com.telconova.auth.account.AccountRoutes;
import com.telconova.auth.account.Accounts;
import com.telconova.auth.account.FirstAdmin;
import com.telconova.auth.administration.Administration;
import com.telconova.auth.administration.UserRoutes;
import com.telconova.auth.audit.AuditTrail;
import com.telconova.auth.credential.PasswordRoutes;
import com.telconova.auth.credential.Passwords;
import com.telconova.auth.credential.ResetMails;
import com.telconova.auth.credential.SecondFactor;
import com.telconova.auth.credential.SecondFactorRoutes;
import com.telconova.auth.delivery.Deliveries;
import com.telconova.auth.factor.Factors;
import com.telconova.auth.key.KeyRoutes;
import com.telconova.auth.key.SigningKeys;
import com.telconova.auth.password.PasswordHasher;
import com.telconova.auth.session.ExpiredSessions;
import com.telconova.auth.session.Logins;
import com.telconova.auth.session.OwnSessions;
import com.telconova.auth.session.SessionChanges;
import com.telconova.auth.session.SessionPolicy;
import com.telconova.auth.session.SessionRoutes;
import com.telconova.auth.session.Sessions;
import com.telconova.auth.session.TokenMint;
import com.telconova.auth.throttle.Throttle;
import com.telconova.shared.admin.AdminServer;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.SchemaVersion;
import com.telconova.shared.docs.DocsRoutes;
import com.telconova.shared.event.EventPath;
import com.telconova.shared.event.Housekeeping;
import com.telconova.shared.event.Inbox;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.event.QueueDepth;
import com.telconova.shared.event.Relay;
import com.telconova.shared.event.SnsPublisher;
import com.telconova.shared.event.SqsConsumer;
import com.telconova.shared.http.AccessControl;
import com.telconova.shared.http.HttpServer;
import com.telconova.shared.idempotency.Idempotency;
import com.telconova.shared.jfr.Recorder;
import com.telconova.shared.lifecycle.Closer;
import com.telconova.shared.lifecycle.Early;
import com.telconova.shared.lifecycle.GracefulStop;
import com.telconova.shared.lifecycle.Readiness;
import com.telconova.shared.os.ProcessCollector;
import com.telconova.shared.rest.ServiceClient;
import com.telconova.shared.token.Revocations;
import com.telconova.shared.token.TokenVerifier;
import com.telconova.shared.trace.Tracing;
import io.prometheus.client.CollectorRegistry;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The auth process, wired by hand: read [#open] from top to bottom and you have seen all of it.
final class AuthApp implements AutoCloseable {
  private static final int SCHEMA_VERSION = 2;

  private final GracefulStop stop;
  private final HttpServer server;
  private final AdminServer admin;
  private final Inbox inbox;
  private final SigningKeys keys;

  private AuthApp(
      GracefulStop stop, HttpServer server, AdminServer admin, Inbox inbox, SigningKeys keys) {
    this.stop = stop;
    this.server = server;
    this.admin = admin;
    this.inbox = inbox;
    this.keys = keys;
  }

  /// Starts the service; what was opened is closed again when it cannot.
  ///
  /// @param clock UTC, in microseconds
  static AuthApp start(Config config, Clock clock) {
    Closer closer = new Closer();
    try {
      return open(config, clock, closer);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private static AuthApp open(Config config, Clock clock, Closer closer) {
    // What takes longest begins first, side by side: the second core is idle.
    Early<EventPath> path =
        closer.add(Early.begin(() -> EventPath.open(config.aws(), config.events())));
    CollectorRegistry registry = new CollectorRegistry();
    Database database = closer.add(Database.open(config.database(), registry));

    // Seen from outside: metrics and health are there from the first moments.
    Early<ProcessCollector> process =
        closer.add(Early.begin(() -> new ProcessCollector().register(registry)));
    Early<Recorder> recorder =
        closer.add(
            Early.later(() -> Recorder.start("auth", config.jfr(), s -> process.get().record(s))));
    Tracing tracing = closer.add(Tracing.open(config.traces(), "auth", registry));
    Readiness readiness = new Readiness();
    AdminServer admin =
        closer.add(AdminServer.start(config.http(), readiness, registry, recorder::get));

    // What it stands on: database, topic, queue.
    Early<HttpClient> connections = closer.add(Early.begin(ServiceClient::connections));
    SchemaVersion.require(database, SCHEMA_VERSION, SchemaVersion.PATIENCE);
    readiness.require("database", database::fault);
    SnsClient sns = path.get().sns();
    SqsClient sqs = path.get().sqs();

    // Events out.
    SnsPublisher publisher = new SnsPublisher(sns, config.events().topicArn(), tracing);
    Relay relay =
        closer.add(
            new Relay(
                "urn:microflow:auth", config.events().lease(), database, publisher, registry));
    Outbox outbox = new Outbox(relay::wake);
    closer.add(new Housekeeping(database));

    // Whom we ask.
    HttpClient http = connections.get();

    // Who calls: the keys that sign here verify here.
    Revocations revocations = closer.add(new Revocations(clock, database));
    SigningKeys keys =
        closer.add(new SigningKeys(clock, database, config.masterKey(), config.keyLifetime()));
    TokenVerifier tokens = new TokenVerifier(clock, config.issuer(), keys, revocations);

    // The domain.
    PasswordHasher hasher = closer.add(new PasswordHasher(registry));
    Throttle throttle =
        closer.add(new Throttle(clock, database, config.masterKey(), config.limits()));
    AuditTrail audit = closer.add(new AuditTrail(clock, database, config.auditKept()));
    Accounts accounts = new Accounts(clock, database, hasher, throttle, audit, outbox);
    new FirstAdmin(database, accounts).require(config.firstAdmin());
    SessionPolicy policy = config.sessions();
    TokenMint mint =
        new TokenMint(clock, config.issuer(), policy.access(), keys, config.masterKey());
    SessionChanges changes = new SessionChanges(outbox, revocations, audit);
    Factors factors = new Factors(config.totpRequired(), config.masterKey(), throttle, audit);
    Sessions sessions = new Sessions(clock, policy, database, accounts, factors, mint, changes);
    Logins logins =
        new Logins(
            clock, database, accounts, throttle, audit, factors, sessions, changes, registry);
    OwnSessions own = new OwnSessions(clock, policy, database, accounts, changes);
    closer.add(new ExpiredSessions(clock, database));
    ServiceClient tracking = new ServiceClient(clock, "tracking", config.tracking(), http);
    ResetMails mails =
        closer.add(
            new ResetMails(
                clock, database, accounts, audit, mint, config.masterKey(), tracking, tracing));
    Passwords passwords =
        new Passwords(clock, database, hasher, accounts, throttle, audit, changes, mails);
    SecondFactor second =
        new SecondFactor(clock, database, accounts, factors, throttle, audit, changes);
    Administration administration = new Administration(clock, database, accounts, changes, audit);

    // Events in.
    Inbox inbox = new Inbox(database, new Deliveries().handlers(), registry);
    SqsConsumer consumer =
        closer.add(
            new SqsConsumer(config.events(), sqs, inbox::handle, tracing, registry)
                .require(database::fault));
    closer.add(new QueueDepth(config.events(), sqs, registry));

    // Requests in.
    Idempotency idempotency = new Idempotency(database);
    HttpServer server =
        closer.add(
            HttpServer.start(
                config.http(),
                new AccessControl(tokens),
                database::admit,
                tracing,
                registry,
                List.of(
                    new DocsRoutes("auth")::register,
                    new AccountRoutes(idempotency, accounts)::register,
                    new SessionRoutes(logins, sessions, own)::register,
                    new PasswordRoutes(passwords)::register,
                    new SecondFactorRoutes(second)::register,
                    new UserRoutes(idempotency, accounts, administration, audit)::register,
                    new KeyRoutes(keys)::register)));
    relay.start();
    consumer.start();
    database.fill(SchemaVersion.PATIENCE);
    readiness.ready();
    // Takes a tenth of a second of all processors, which nobody waits for any more.
    recorder.begin();
    GracefulStop stop =
        new GracefulStop(readiness, config.http().linger(), List.of(consumer, server), closer);
    return new AuthApp(stop, server, admin, inbox, keys);
  }

  /// The API's port.
  int port() {
    return server.port();
  }

  /// What it serves.
  List<HttpServer.Route> routes() {
    return server.routes();
  }

  /// Which types of events it takes.
  Set<String> handles() {
    return inbox.types();
  }

  /// What it signs with.
  SigningKeys keys() {
    return keys;
  }

  /// The port of metrics and health.
  int adminPort() {
    return admin.port();
  }

  /// Finishes what is in flight, then closes everything.
  @Override
  public void close() {
    stop.close();
  }
}
