package com.telconova.tracking.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.telconova.shared.config.Secret;
import com.telconova.shared.database.Database;
import com.telconova.shared.event.Outbox;
import com.telconova.shared.http.Page;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.problem.Failure;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.token.Principal;
import com.telconova.shared.token.Role;
import com.telconova.shared.trace.Tracing;
import com.telconova.tracking.HandClock;
import com.telconova.tracking.TrackingDatabase;
import com.telconova.tracking.notification.carrier.Outcome;
import com.telconova.tracking.notification.mail.Mail;
import com.telconova.tracking.notification.mail.MailCarrier;
import com.telconova.tracking.notification.mail.Mailer;
import com.telconova.tracking.notification.template.Templates;
import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.Preferences;
import com.telconova.tracking.recipient.Recipient;
import com.telconova.tracking.recipient.RecipientRepository;
import io.prometheus.client.CollectorRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NotificationSenderIT {
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final HandClock clock = new HandClock(Instant.parse("2026-03-02T13:00:00Z"));
  private final Database database = TrackingDatabase.open();
  private final Jdbi behind = Jdbi.create(Bench.get().adminUrl());
  private final RecordingMailer mailer = new RecordingMailer();
  private final RecordingCarrier phones = new RecordingCarrier();
  private final NotificationSender sender = sender(mailer);
  private final Notifications notifications = new Notifications(clock, database, sender::wake);
  private final UUID user = UUID.randomUUID();

  @BeforeEach
  void leaveOnlyOurOwn() {
    behind.useHandle(handle -> handle.execute("delete from tracking.notification"));
  }

  @AfterEach
  void close() {
    sender.close();
    database.close();
  }

  @Test
  void a_message_is_written_in_the_readers_language_sent_and_told_of() {
    know(user, "en", true);
    queue(user);

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
    assertThat(sender.pass()).isEmpty();

    assertThat(mailer.mails).extracting(Mail::address).containsExactly(user + "@example.com");
    assertThat(row()).isEqualTo("SENT 1 We have your order WO-7: No internet -");
    assertThat(events())
        .containsExactly("notification.sent order.created EMAIL " + user + "@example.com -");
  }

  @Test
  void an_event_that_comes_twice_tells_once() {
    know(user, "es", true);
    News news = news(user);
    database.useTransaction(handle -> notifications.queue(handle, news));
    database.useTransaction(handle -> notifications.queue(handle, news));

    assertThat(sender.pass()).isPresent();
    assertThat(sender.pass()).isEmpty();
  }

  @Test
  void a_crash_between_sending_and_recording_doubles_one_message_under_the_same_id() {
    know(user, "es", true);
    queue(user);
    mailer.answer(_ -> {
      throw new IllegalStateException("the process dies here");
    });

    assertThatThrownBy(sender::pass).isInstanceOf(IllegalStateException.class);
    assertThat(sender.pass()).as("leased").isEmpty();
    mailer.answer(_ -> new Outcome.Sent());
    clock.advance(LEASE.plusSeconds(1));

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
    assertThat(sender.pass()).isEmpty();
    assertThat(mailer.mails)
        .hasSize(2)
        .extracting(Mail::id)
        .containsOnly(mailer.mails.getFirst().id());
    assertThat(events()).hasSize(1);
  }

  @Test
  void a_sender_that_slept_past_its_lease_records_nothing() {
    know(user, "es", true, null, preferences("{\"pushEndpoint\": \"arn:app\"}"));
    queue(user);
    RecordingMailer other = new RecordingMailer();
    mailer.answer(_ -> {
      clock.advance(LEASE.plusSeconds(1));
      assertThat(sender(other).pass()).get().isInstanceOf(Result.Sent.class);
      return new Outcome.Refused("550 no such user");
    });

    sender.pass();

    assertThat(statuses()).as("nor queues it elsewhere").hasSize(1);
    assertThat(row()).startsWith("SENT");
    assertThat(events()).hasSize(1).first().asString().startsWith("notification.sent");
  }

  @Test
  void many_senders_send_each_message_once() throws Exception {
    List<UUID> users = IntStream.range(0, 60).mapToObj(_ -> UUID.randomUUID()).toList();
    users.forEach(id -> know(id, "es", true));
    users.forEach(this::queue);
    ConcurrentHashMap<UUID, AtomicInteger> sent = new ConcurrentHashMap<>();
    List<NotificationSender> senders = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      RecordingMailer own = new RecordingMailer();
      own.answer(mail -> {
        sent.computeIfAbsent(mail.id(), _ -> new AtomicInteger()).incrementAndGet();
        return new Outcome.Sent();
      });
      senders.add(sender(own));
    }

    senders.forEach(NotificationSender::start);
    await().atMost(Duration.ofSeconds(20)).until(() -> sent.size() == 60);
    senders.forEach(NotificationSender::close);

    assertThat(sent.values()).extracting(AtomicInteger::get).containsOnly(1);
    assertThat(statuses()).containsOnly("SENT").hasSize(60);
  }

  @Test
  void a_message_put_off_five_times_fails_and_says_why() {
    know(user, "es", true);
    queue(user);
    mailer.answer(_ -> new Outcome.Deferred("450 try later"));

    for (int attempt = 1; attempt <= 4; attempt++) {
      assertThat(sender.pass()).get().isInstanceOf(Result.Later.class);
      assertThat(sender.pass()).as("waits").isEmpty();
      clock.advance(Retries.STANDARD.pauseAfter(attempt));
    }

    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
    assertThat(row()).startsWith("FAILED 5").endsWith("450 try later");
    assertThat(events())
        .containsExactly(
            "notification.failed order.created EMAIL " + user + "@example.com 450 try later");
  }

  @Test
  void a_message_that_the_server_never_takes_fails_at_once() {
    know(user, "es", true);
    queue(user);
    mailer.answer(_ -> new Outcome.Refused("550 no such user"));

    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
    assertThat(row()).startsWith("FAILED 1");
  }

  @Test
  void what_fails_by_mail_goes_to_the_app_instead_and_says_so() {
    know(user, "en", true, "+573001234567", preferences("{\"pushEndpoint\": \"arn:app\"}"));
    queue(user);
    mailer.answer(_ -> new Outcome.Refused("550 no such user"));

    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
    assertThat(sender.pass()).isEmpty();

    assertThat(phones.parcels)
        .singleElement()
        .extracting(parcel -> parcel.address())
        .isEqualTo("arn:app");
    assertThat(
            notifications
                .list(
                    user, caller(user, Role.CLIENT), Channel.PUSH, null, new Page.Request(20, null))
                .items())
        .singleElement()
        .satisfies(told -> assertThat(told.fallbackFor()).isEqualTo(Channel.EMAIL));
  }

  @Test
  void a_phone_is_the_fallback_for_what_cannot_wait_only() {
    know(user, "en", true, "+573001234567", Preferences.NONE);
    mailer.answer(_ -> new Outcome.Refused("550 no such user"));
    queue(user);
    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
    assertThat(sender.pass()).as("no text message for this").isEmpty();

    database.useTransaction(
        handle -> notifications.queue(handle, news(user, "order.created", true)));
    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
    assertThat(phones.parcels).hasSize(1);
  }

  @Test
  void whoever_chose_their_channels_or_is_told_elsewhere_gets_no_fallback() {
    know(
        user,
        "en",
        true,
        "+573001234567",
        preferences("{\"channels\": [\"EMAIL\"], \"pushEndpoint\": \"arn:app\"}"));
    UUID both = UUID.randomUUID();
    know(
        both,
        "en",
        true,
        "+573001234567",
        preferences("{\"channels\": [\"EMAIL\", \"SMS\"], \"pushEndpoint\": \"arn:app\"}"));
    mailer.answer(_ -> new Outcome.Refused("550 no such user"));
    queue(user);
    database.useTransaction(
        handle -> notifications.queue(handle, news(both, "order.created", true)));

    for (int i = 0; i < 3; i++) {
      assertThat(sender.pass()).isPresent();
    }

    assertThat(sender.pass()).isEmpty();
    assertThat(statuses()).containsExactlyInAnyOrder("FAILED", "FAILED", "SENT");
  }

  @Test
  void a_secret_goes_by_no_other_way() {
    know(user, "en", true, "+573001234567", preferences("{\"pushEndpoint\": \"arn:app\"}"));
    mailer.answer(_ -> new Outcome.Refused("550 no such user"));
    sendReset(clock.instant().plusSeconds(600));

    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);

    assertThat(sender.pass()).isEmpty();
    assertThat(phones.parcels).isEmpty();
  }

  @Test
  void no_message_is_blamed_while_no_server_can_be_reached() {
    know(user, "es", true);
    queue(user);
    mailer.answer(_ -> new Outcome.Unreachable("connection refused"));

    for (int i = 0; i < 30; i++) {
      assertThat(sender.pass()).get().isInstanceOf(Result.Stalled.class);
      clock.advance(Retries.STANDARD.stallPause());
    }
    mailer.answer(_ -> new Outcome.Sent());

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
  }

  @Test
  void a_server_that_stays_away_for_hours_fails_the_message() {
    know(user, "es", true);
    queue(user);
    mailer.answer(_ -> new Outcome.Unreachable("connection refused"));
    clock.advance(Retries.STANDARD.giveUpAfter().plusSeconds(1));

    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
  }

  @Test
  void a_message_waits_until_somebody_tells_who_the_person_is() {
    queue(user);

    assertThat(sender.pass()).get().isInstanceOf(Result.Later.class);
    assertThat(sender.pass()).isEmpty();
    know(user, "es", true);
    database.useTransaction(handle -> notifications.recipientKnown(handle, user));

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
    assertThat(row()).startsWith("SENT 1");
  }

  @Test
  void a_person_nobody_tells_of_fails_the_message_after_hours() {
    queue(user);
    clock.advance(Retries.STANDARD.giveUpAfter().plusSeconds(1));

    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
    assertThat(events()).hasSize(1).first().asString().startsWith("notification.failed");
  }

  @Test
  void nothing_is_sent_to_a_closed_account() {
    know(user, "es", false);
    queue(user);

    assertThat(sender.pass()).get().isInstanceOf(Result.Suppressed.class);
    assertThat(mailer.mails).isEmpty();
    assertThat(row()).isEqualTo("SUPPRESSED 1 - The account is not active.");
    assertThat(events()).isEmpty();
  }

  @Test
  void a_message_that_kills_its_sender_again_and_again_is_given_up() {
    know(user, "es", true);
    queue(user);
    mailer.answer(_ -> {
      throw new IllegalStateException("dies");
    });
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(sender::pass).isInstanceOf(IllegalStateException.class);
      clock.advance(LEASE.plusSeconds(1));
    }

    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
    assertThat(mailer.mails).hasSize(5);
  }

  @Test
  void what_somebody_does_not_want_is_noted_and_not_sent() {
    know(
        user,
        "es",
        true,
        "+573001234567",
        preferences(
            """
            {"channels": ["SMS"], "perEvent": {"order.created": []}}
            """));
    queue(user);

    assertThat(sender.pass()).get().isInstanceOf(Result.Suppressed.class);

    assertThat(sender.pass()).isEmpty();
    assertThat(row()).startsWith("SUPPRESSED").contains("does not want");
    assertThat(mailer.mails).isEmpty();
    assertThat(phones.parcels).isEmpty();
  }

  @Test
  void whoever_asks_for_sms_gets_what_cannot_wait_as_sms_too() {
    know(user, "en", true, "+573001234567", preferences("{\"channels\": [\"EMAIL\", \"SMS\"]}"));
    database.useTransaction(
        handle -> notifications.queue(handle, news(user, "order.created", true)));
    queue(user);

    for (int i = 0; i < 4; i++) {
      assertThat(sender.pass()).isPresent();
    }

    assertThat(mailer.mails).hasSize(2);
    assertThat(phones.parcels)
        .singleElement()
        .satisfies(parcel -> {
          assertThat(parcel.address()).isEqualTo("+573001234567");
          assertThat(parcel.text()).isEqualTo("We have your order WO-7: No internet");
        });
    assertThat(statuses()).containsExactlyInAnyOrder("SENT", "SENT", "SENT", "SUPPRESSED");
  }

  @Test
  void quiet_hours_hold_a_message_back_without_making_it_old() {
    // 13:00 UTC is 08:00 in Bogotá.
    know(
        user,
        "es",
        true,
        null,
        preferences(
            """
            {"quietHours": {"start": "22:00", "end": "18:00"}}
            """));
    queue(user);

    assertThat(sender.pass()).get().isInstanceOf(Result.Delayed.class);
    assertThat(sender.pass()).isEmpty();
    assertThat(row()).startsWith("PENDING 0").contains("quiet hours");
    clock.advance(Duration.ofHours(10));
    mailer.answer(_ -> new Outcome.Unreachable("connection refused"));

    assertThat(sender.pass()).get().isInstanceOf(Result.Stalled.class);
    clock.advance(Retries.STANDARD.stallPause());
    mailer.answer(_ -> new Outcome.Sent());
    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
  }

  @Test
  void what_is_critical_does_not_wait_for_the_morning() {
    know(
        user,
        "es",
        true,
        null,
        preferences(
            """
            {"quietHours": {"start": "22:00", "end": "18:00"}}
            """));
    database.useTransaction(
        handle -> notifications.queue(handle, news(user, "order.created", true)));

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
  }

  @Test
  void a_mail_server_that_is_down_does_not_hold_up_the_phones() {
    know(user, "es", true, "+573001234567", preferences("{\"channels\": [\"EMAIL\", \"SMS\"]}"));
    mailer.answer(_ -> new Outcome.Unreachable("connection refused"));
    for (int i = 0; i < 3; i++) {
      database.useTransaction(
          handle -> notifications.queue(handle, news(user, "order.created", true)));
    }

    int passes = 0;
    while (sender.pass().isPresent()) {
      passes++;
    }

    assertThat(passes).as("one mail tried, three texts sent").isEqualTo(4);
    assertThat(phones.parcels).hasSize(3);
  }

  @Test
  void time_that_runs_out_is_told_to_supervisors_who_are_still_there() {
    behind.useHandle(handle -> handle.execute("delete from tracking.recipient"));
    UUID supervisor = UUID.randomUUID();
    know(supervisor, "es", true);
    know(user, "es", true);
    UUID gone = UUID.randomUUID();
    know(gone, "es", false);
    behind.useHandle(handle ->
        handle.execute(
            "update tracking.recipient set role = 'SUPERVISOR' where user_id in (?, ?)",
            supervisor,
            gone));

    database.useTransaction(
        handle -> notifications.queue(handle, news(user, "sla.breached", true)));

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
    assertThat(sender.pass()).isEmpty();
    assertThat(mailer.mails.getFirst().address()).startsWith(supervisor.toString());
    assertThat(mailer.mails.getFirst().subject()).contains("venció el plazo");
  }

  @Test
  void nothing_of_a_secret_stays_once_it_is_settled() {
    know(user, "es", true, null, preferences("{\"channels\": []}"));
    sendReset(clock.instant().plusSeconds(1800));
    assertThat(stored()).contains("s3cr3t-t0ken");

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);

    assertThat(mailer.mails.getFirst().text())
        .contains("s3cr3t-t0ken", "2026-03-02 08:30 (America/Bogota)");
    assertThat(stored()).doesNotContain("s3cr3t");
    assertThat(events()).hasSize(1).first().asString().doesNotContain("s3cr3t");
  }

  @Test
  void a_secret_that_was_refused_or_came_too_late_is_erased_too() {
    know(user, "es", true);
    mailer.answer(_ -> new Outcome.Refused("550 no such user"));
    sendReset(clock.instant().plusSeconds(1800));
    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);
    sendReset(clock.instant().plusSeconds(60));
    clock.advance(Duration.ofSeconds(60));
    assertThat(sender.pass()).get().isInstanceOf(Result.Failed.class);

    assertThat(mailer.mails).hasSize(1);
    assertThat(stored()).doesNotContain("s3cr3t");
  }

  @Test
  void only_the_service_sends_secrets() {
    assertThatThrownBy(() -> notifications.send(caller(user, Role.ADMIN), reset(clock.instant())))
        .isInstanceOf(Failure.Forbidden.class);
  }

  @Test
  void a_text_of_somebodys_own_is_sent_to_the_letter() {
    know(user, "es", true, "+573001234567", preferences("{\"channels\": [\"EMAIL\", \"SMS\"]}"));
    notifications.send(
        caller(user, Role.SUPERVISOR),
        new Notifications.Wish(
            user,
            Templates.FREE,
            Map.of("subject", "Hoy {name}", "body", "Línea {code}\n\nOtra <b>línea</b>"),
            Set.of(Channel.EMAIL, Channel.SMS)));

    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);
    assertThat(sender.pass()).get().isInstanceOf(Result.Sent.class);

    assertThat(mailer.mails.getFirst().subject()).isEqualTo("Hoy {name}");
    assertThat(mailer.mails.getFirst().text()).isEqualTo("Línea {code}\n\nOtra <b>línea</b>\n");
    assertThat(phones.parcels.getFirst().text())
        .isEqualTo("Hoy {name}\nLínea {code}\n\nOtra <b>línea</b>");
  }

  @Test
  void a_message_is_read_once_and_by_its_reader_only() {
    queue(user);
    Page.Request whole = new Page.Request(20, null);
    Principal reader = caller(user, Role.CLIENT);
    UUID id = notifications.list(user, reader, null, null, whole).items().getFirst().id();

    notifications.read(user, id, reader);
    Instant first = clock.instant();
    clock.advance(Duration.ofMinutes(1));
    notifications.read(user, id, reader);

    assertThat(notifications.list(user, reader, null, null, whole).items().getFirst().readAt())
        .isEqualTo(first);
    assertThatThrownBy(() -> notifications.read(user, id, caller(UUID.randomUUID(), Role.ADMIN)))
        .isInstanceOf(Failure.NotFound.class);
    assertThatThrownBy(() -> notifications.read(user, UUID.randomUUID(), reader))
        .isInstanceOf(Failure.NotFound.class);
    UUID other = UUID.randomUUID();
    assertThatThrownBy(() -> notifications.read(other, id, caller(other, Role.CLIENT)))
        .isInstanceOf(Failure.NotFound.class);
  }

  @Test
  void the_list_is_paged_newest_first_and_for_the_right_eyes_only() {
    for (int i = 0; i < 5; i++) {
      queue(user);
      clock.advance(Duration.ofSeconds(i % 2)); // some at the same time
    }

    List<UUID> seen = new ArrayList<>();
    Page.Cursor after = null;
    Page<Notification> page;
    do {
      page =
          notifications.list(
              user, caller(user, Role.CLIENT), null, null, new Page.Request(2, after));
      page.items().forEach(item -> seen.add(item.id()));
      Notification last = page.items().getLast();
      after = new Page.Cursor(last.createdAt(), last.id());
    } while (page.nextCursor() != null);

    assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    Page.Request whole = new Page.Request(20, null);
    assertThat(
            notifications
                .list(user, caller(UUID.randomUUID(), Role.ADMIN), null, null, whole)
                .items())
        .extracting(Notification::createdAt)
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThatThrownBy(() ->
            notifications.list(user, caller(UUID.randomUUID(), Role.CLIENT), null, null, whole))
        .isInstanceOf(Failure.NotFound.class);
  }

  private NotificationSender sender(Mailer with) {
    return new NotificationSender(
        clock,
        Retries.STANDARD,
        new Deliveries(clock, LEASE, database, new Outbox(() -> {})),
        Templates.load(),
        new UnsubscribeLinks(Optional.of(URI.create("https://api.example.com"))),
        Map.of(Channel.EMAIL, new MailCarrier(with), Channel.SMS, phones, Channel.PUSH, phones),
        Tracing.OFF,
        new CollectorRegistry());
  }

  private void queue(UUID to) {
    database.useTransaction(handle -> notifications.queue(handle, news(to)));
  }

  private static News news(UUID customer) {
    return news(customer, "order.created", false);
  }

  private static News news(UUID customer, String type, boolean critical) {
    try {
      return new News(
          UUID.randomUUID(),
          type,
          UUID.randomUUID(),
          customer,
          null,
          customer,
          critical,
          Mappers.TOLERANT.readTree("{\"code\": \"WO-7\", \"title\": \"No internet\"}"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void know(UUID id, String locale, boolean active) {
    know(id, locale, active, null, Preferences.NONE);
  }

  private void know(UUID id, String locale, boolean active, String phone, Preferences preferences) {
    Recipient recipient =
        new Recipient(
            id,
            id + "@example.com",
            "María",
            phone,
            "CLIENT",
            Locale.of(locale),
            ZoneId.of("America/Bogota"),
            active,
            preferences);
    database.useTransaction(handle -> new RecipientRepository().upsert(handle, recipient, 1));
  }

  private Principal caller(UUID id, Role role) {
    return new Principal(id, role, UUID.randomUUID(), clock.instant(), new Secret("token"));
  }

  private void sendReset(Instant expires) {
    notifications.send(caller(UUID.randomUUID(), Role.SERVICE), reset(expires));
  }

  private Notifications.Wish reset(Instant expires) {
    return new Notifications.Wish(
        user,
        "password.reset",
        Map.of("token", "s3cr3t-t0ken", "expiresAt", expires.toString()),
        Set.of(Channel.EMAIL));
  }

  private static Preferences preferences(String json) {
    try {
      return Preferences.of(Mappers.TOLERANT.readTree(json));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// All that the table has of this person, in one text.
  private String stored() {
    return behind.withHandle(handle ->
        handle
            .createQuery(
                "select string_agg(n::text, ' ') from tracking.notification n where user_id = ?")
            .bind(0, user)
            .mapTo(String.class)
            .one());
  }

  private String row() {
    return behind.withHandle(handle ->
        handle
            .createQuery(
                """
                select status || ' ' || attempts || ' ' || coalesce(subject, '-') || ' '
                    || coalesce(detail, '-')
                from tracking.notification where user_id = ?
                """)
            .bind(0, user)
            .mapTo(String.class)
            .one());
  }

  private List<String> statuses() {
    return behind.withHandle(handle ->
        handle.createQuery("select status from tracking.notification").mapTo(String.class).list());
  }

  private List<String> events() {
    return behind.withHandle(handle ->
        handle
            .createQuery(
                """
                select type || ' ' || (data ->> 'template') || ' ' || (data ->> 'channel') || ' '
                    || coalesce(data ->> 'address', '-') || ' ' || coalesce(data ->> 'detail', '-')
                from tracking.outbox where aggregate_id = ? order by sequence
                """)
            .bind(0, user)
            .mapTo(String.class)
            .list());
  }
}
