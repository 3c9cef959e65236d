package com.telconova.tracking;

import com.telconova.shared.admin.AdminServer;
import com.telconova.shared.aws.AwsClients;
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
import com.telconova.tracking.evidence.EvidenceFiles;
import com.telconova.tracking.evidence.EvidenceRoutes;
import com.telconova.tracking.evidence.EvidenceSweeper;
import com.telconova.tracking.evidence.store.EvidenceStore;
import com.telconova.tracking.evidence.store.FileEvidenceStore;
import com.telconova.tracking.evidence.store.S3EvidenceStore;
import com.telconova.tracking.evidence.store.StoreConfig;
import com.telconova.tracking.inbound.OrderEvents;
import com.telconova.tracking.inbound.UserEvents;
import com.telconova.tracking.live.LiveRoutes;
import com.telconova.tracking.live.LiveStreams;
import com.telconova.tracking.live.LiveTimeline;
import com.telconova.tracking.notification.NotificationRoutes;
import com.telconova.tracking.notification.NotificationSender;
import com.telconova.tracking.notification.Notifications;
import com.telconova.tracking.notification.UnsubscribeLinks;
import com.telconova.tracking.notification.carrier.Carrier;
import com.telconova.tracking.notification.carrier.FileCarrier;
import com.telconova.tracking.notification.carrier.SnsCarrier;
import com.telconova.tracking.notification.mail.MailCarrier;
import com.telconova.tracking.notification.mail.SmtpMailer;
import com.telconova.tracking.participant.Participants;
import com.telconova.tracking.participant.Workorder;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.timeline.Timeline;
import com.telconova.tracking.timeline.TimelineRoutes;
import com.telconova.tracking.unsubscribe.UnsubscribeRoutes;
import com.telconova.tracking.unsubscribe.Unsubscribing;
import com.telconova.tracking.update.UpdateRoutes;
import com.telconova.tracking.update.Updates;
import io.prometheus.client.CollectorRegistry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The tracking process, wired by hand: read [#open] from top to bottom and you have seen all of
/// it.
final class TrackingApp implements AutoCloseable {
  private static final int SCHEMA_VERSION = 2;

  private final GracefulStop stop;
  private final HttpServer server;
  private final AdminServer admin;
  private final Inbox inbox;

  private TrackingApp(GracefulStop stop, HttpServer server, AdminServer admin, Inbox inbox) {
    this.stop = stop;
    this.server = server;
    this.admin = admin;
    this.inbox = inbox;
  }

  /// Starts the service; what was opened is closed again when it cannot.
  static TrackingApp start(Config config, Clock clock) {
    Closer closer = new Closer();
    try {
      return open(config, clock, closer);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private static TrackingApp open(Config config, Clock clock, Closer closer) {
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
                () -> Recorder.start("tracking", config.jfr(), s -> process.get().record(s))));
    Tracing tracing = closer.add(Tracing.open(config.traces(), "tracking", registry));
    Readiness readiness = new Readiness();
    AdminServer admin =
        closer.add(AdminServer.start(config.http(), readiness, registry, recorder::get));

    // What it stands on: database, topic, queue, and where files are kept. Mail and files may be
    // out of reach for a while; all else goes on, so readiness does not ask for them.
    Early<HttpClient> connections = closer.add(Early.begin(ServiceClient::connections));
    SchemaVersion.require(database, SCHEMA_VERSION, SchemaVersion.PATIENCE);
    readiness.require("database", database::fault);
    SnsClient sns = path.get().sns();
    SqsClient sqs = path.get().sqs();
    EvidenceStore store = closer.add(store(config, path.get().aws()));

    // Events out.
    SnsPublisher publisher = new SnsPublisher(sns, config.events().topicArn(), tracing);
    Relay relay =
        closer.add(
            new Relay(
                "urn:microflow:tracking", config.events().lease(), database, publisher, registry));
    Outbox outbox = new Outbox(relay::wake);
    closer.add(new Housekeeping(database));

    // Who calls, and whom we ask.
    HttpClient http = connections.get();
    Revocations revocations = closer.add(new Revocations(clock, database));
    RemoteKeys keys = new RemoteKeys(clock, config.tokens().jwks(), http);
    readiness.require("keys", keys::fault);
    TokenVerifier tokens = new TokenVerifier(clock, config.tokens().issuer(), keys, revocations);
    ServiceClient workorder = new ServiceClient(clock, "workorder", config.workorder(), http);

    // Messages out.
    NotificationSender sender =
        closer.add(
            NotificationSender.of(
                clock,
                config.notificationLease(),
                database,
                outbox,
                new UnsubscribeLinks(config.publicUrl()),
                carriers(config, sns),
                tracing,
                registry));

    // The domain.
    Participants participants = new Participants(database, new Workorder(workorder));
    LiveTimeline live =
        closer.add(
            new LiveTimeline(
                clock,
                database,
                participants,
                revocations::contains,
                config.heartbeat(),
                registry));
    Timeline timeline = new Timeline(clock, database, participants, live::wake);
    LiveStreams streams = new LiveStreams(database, participants, live);
    Updates updates = new Updates(clock, database, participants, timeline, outbox);
    EvidenceFiles files = new EvidenceFiles(clock, database, participants, timeline, store, outbox);
    EvidenceSweeper sweeper = closer.add(new EvidenceSweeper(clock, database, store, registry));
    Notifications notifications = new Notifications(clock, database, sender::wake);

    // Events in.
    Map<String, EventHandler> handlers = new HashMap<>();
    handlers.putAll(new OrderEvents(participants, timeline, notifications).handlers());
    handlers.putAll(new UserEvents(notifications).handlers());
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
                new DocsRoutes("tracking")::register,
                new LiveRoutes(streams)::register,
                new UpdateRoutes(idempotency, updates)::register,
                new TimelineRoutes(timeline)::register,
                new EvidenceRoutes(idempotency, files)::register,
                new UnsubscribeRoutes(new Unsubscribing(clock, database))::register,
                new NotificationRoutes(idempotency, notifications)::register));
    relay.start();
    sender.start();
    sweeper.start();
    consumer.start();
    database.fill(SchemaVersion.PATIENCE);
    readiness.ready();
    // Takes a tenth of a second of all processors, which nobody waits for any more.
    recorder.begin();
    GracefulStop stop =
        new GracefulStop(
            readiness, config.http().linger(), List.of(consumer, live, server), closer);
    return new TrackingApp(stop, server, admin, inbox);
  }

  private static Map<Channel, Carrier> carriers(Config config, SnsClient sns) {
    Map<Channel, Carrier> carriers = new EnumMap<>(Channel.class);
    carriers.put(Channel.EMAIL, new MailCarrier(new SmtpMailer(config.mail())));
    for (Channel channel : List.of(Channel.SMS, Channel.PUSH)) {
      carriers.put(
          channel,
          config
              .notificationFile()
              .<Carrier>map(file -> new FileCarrier(file, channel))
              .orElseGet(() -> new SnsCarrier(sns, channel)));
    }
    return carriers;
  }

  private static EvidenceStore store(Config config, AwsClients aws) {
    return switch (config.evidence()) {
      case StoreConfig.Directory(Path path) -> FileEvidenceStore.open(path);
      case StoreConfig.Bucket(String name) -> {
        // Emulators have no host name for each bucket.
        boolean pathStyle = config.aws().endpoint().isPresent();
        yield new S3EvidenceStore(
            aws.configure(S3Client.builder()).forcePathStyle(pathStyle).build(), name);
      }
    };
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
