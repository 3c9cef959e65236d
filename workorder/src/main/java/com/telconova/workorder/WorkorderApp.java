package com.telconova.workorder;

import com.telconova.shared.admin.AdminServer;
import com.telconova.shared.database.Database;
import com.telconova.shared.database.SchemaVersion;
import com.telconova.shared.docs.DocsRoutes;
import com.telconova.shared.event.EventHandler;
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
import com.telconova.shared.token.RemoteKeys;
import com.telconova.shared.token.Revocations;
import com.telconova.shared.token.TokenVerifier;
import com.telconova.shared.trace.Tracing;
import com.telconova.workorder.assignment.AssignmentRoutes;
import com.telconova.workorder.assignment.Assignments;
import com.telconova.workorder.assignment.DecisionRepository;
import com.telconova.workorder.assignment.Policy;
import com.telconova.workorder.assignment.Snapshots;
import com.telconova.workorder.decision.DecisionRoutes;
import com.telconova.workorder.decision.Decisions;
import com.telconova.workorder.dispatch.DispatchRoutes;
import com.telconova.workorder.dispatch.Dispatches;
import com.telconova.workorder.order.EvidenceLookup;
import com.telconova.workorder.order.FieldReports;
import com.telconova.workorder.order.OpenOrders;
import com.telconova.workorder.order.OrderChanges;
import com.telconova.workorder.order.OrderHistory;
import com.telconova.workorder.order.OrderRepository;
import com.telconova.workorder.order.OrderRoutes;
import com.telconova.workorder.order.OrderSearch;
import com.telconova.workorder.order.Orders;
import com.telconova.workorder.order.Promises;
import com.telconova.workorder.order.SlaMarks;
import com.telconova.workorder.order.SlaWatch;
import com.telconova.workorder.report.Exports;
import com.telconova.workorder.report.ReportRoutes;
import com.telconova.workorder.report.Reports;
import com.telconova.workorder.report.StatsRepository;
import com.telconova.workorder.sla.BusinessCalendar;
import com.telconova.workorder.sla.SlaPolicy;
import com.telconova.workorder.technician.TechnicianRepository;
import com.telconova.workorder.technician.TechnicianRoutes;
import com.telconova.workorder.technician.Technicians;
import com.telconova.workorder.technician.WorkloadRepository;
import io.prometheus.client.CollectorRegistry;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The workorder process, wired by hand: read [#open] from top to bottom and you have seen all of
/// it.
final class WorkorderApp implements AutoCloseable {
  private static final int SCHEMA_VERSION = 2;

  private final GracefulStop stop;
  private final HttpServer server;
  private final AdminServer admin;
  private final Inbox inbox;

  private WorkorderApp(GracefulStop stop, HttpServer server, AdminServer admin, Inbox inbox) {
    this.stop = stop;
    this.server = server;
    this.admin = admin;
    this.inbox = inbox;
  }

  /// Starts the service; what was opened is closed again when it cannot.
  static WorkorderApp start(Config config, Clock clock) {
    Closer closer = new Closer();
    try {
      return open(config, clock, closer);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private static WorkorderApp open(Config config, Clock clock, Closer closer) {
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
            Early.later(
                () -> Recorder.start("workorder", config.jfr(), s -> process.get().record(s))));
    Tracing tracing = closer.add(Tracing.open(config.traces(), "workorder", registry));
    Readiness readiness = new Readiness();
    AdminServer admin =
        closer.add(AdminServer.start(config.http(), readiness, registry, recorder::get));

    // What it stands on: database, topic, queue.
    Early<BusinessCalendar> holidays =
        closer.add(Early.begin(() -> BusinessCalendar.of(config.calendar())));
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
                "urn:microflow:workorder", config.events().lease(), database, publisher, registry));
    Outbox outbox = new Outbox(relay::wake);
    closer.add(new Housekeeping(database));

    // Who calls, and whom we ask.
    HttpClient http = connections.get();
    Revocations revocations = closer.add(new Revocations(clock, database));
    RemoteKeys keys = new RemoteKeys(clock, config.tokens().jwks(), http);
    readiness.require("keys", keys::fault);
    TokenVerifier tokens = new TokenVerifier(clock, config.tokens().issuer(), keys, revocations);
    ServiceClient auth = new ServiceClient(clock, "auth", config.auth(), http);
    ServiceClient tracking = new ServiceClient(clock, "tracking", config.tracking(), http);

    // The domain.
    ZoneId zone = config.calendar().zone();
    TechnicianRepository technicianRepository = new TechnicianRepository();
    WorkloadRepository workloads = new WorkloadRepository();
    Technicians technicians =
        new Technicians(clock, zone, database, technicianRepository, workloads, auth);
    OrderRepository repository = new OrderRepository();
    OrderSearch search = new OrderSearch();
    OrderHistory history = new OrderHistory();
    BusinessCalendar calendar = holidays.get();
    SlaPolicy slaPolicy = new SlaPolicy(calendar);
    OrderChanges changes = new OrderChanges(clock, outbox, repository, history, slaPolicy);
    EvidenceLookup evidence = new EvidenceLookup(tracking);
    Orders orders = new Orders(clock, database, repository, search, history, changes, evidence);
    Promises promises = new Promises(clock, database, repository, history, slaPolicy);
    Policy policy = Policy.current(config.policy().speedKmh(), config.policy().zoneSpeedsKmh());
    Snapshots snapshots = new Snapshots(zone, technicianRepository, workloads);
    DecisionRepository decisions = new DecisionRepository();
    Assignments assignments =
        new Assignments(
            clock,
            zone,
            policy,
            database,
            orders,
            technicians,
            technicianRepository,
            snapshots,
            decisions);
    Dispatches dispatches =
        new Dispatches(
            clock,
            zone,
            policy,
            database,
            orders,
            search,
            technicianRepository,
            snapshots,
            decisions);
    Reports figures = new Reports(clock, calendar, database, new StatsRepository());
    Exports exports = new Exports(database, search);
    FieldReports reports = new FieldReports(clock, outbox, repository, changes);

    SlaWatch watch =
        closer.add(
            new SlaWatch(clock, database, outbox, new SlaMarks(), history, slaPolicy, registry));

    closer.add(new OpenOrders(database, registry));

    // Events in.
    Map<String, EventHandler> handlers = new HashMap<>();
    handlers.putAll(technicians.handlers());
    handlers.putAll(reports.handlers());
    handlers.put(
        "session.invalidated",
        (handle, event) -> revocations.insert(handle, event.subject(), clock.instant()));
    Inbox inbox = new Inbox(database, handlers, registry);
    SqsConsumer consumer =
        new SqsConsumer(config.events(), sqs, inbox::handle, tracing, registry)
            .require(database::fault);
    closer.add(new QueueDepth(config.events(), sqs, registry));

    // Requests in.
    Idempotency idempotency = new Idempotency(database);
    HttpServer server =
        HttpServer.start(
            config.http(),
            new AccessControl(tokens),
            database::admit,
            tracing,
            registry,
            List.of(
                new DocsRoutes("workorder")::register,
                new ReportRoutes(clock, figures, exports)::register,
                new OrderRoutes(clock, idempotency, orders, promises)::register,
                new AssignmentRoutes(clock, assignments)::register,
                new DispatchRoutes(dispatches)::register,
                new DecisionRoutes(new Decisions(database, orders, decisions))::register,
                new TechnicianRoutes(idempotency, technicians)::register));
    relay.start();
    consumer.start();
    watch.start();
    database.fill(SchemaVersion.PATIENCE);
    readiness.ready();
    // Takes a tenth of a second of all processors, which nobody waits for any more.
    recorder.begin();
    GracefulStop stop =
        new GracefulStop(readiness, config.http().linger(), List.of(consumer, server), closer);
    return new WorkorderApp(stop, server, admin, inbox);
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
