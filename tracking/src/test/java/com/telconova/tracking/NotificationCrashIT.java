package com.telconova.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.telconova.shared.database.Database;
import com.telconova.shared.json.Mappers;
import com.telconova.shared.testing.Bench;
import com.telconova.shared.testing.Rounds;
import com.telconova.shared.testing.ServiceProcess;
import com.telconova.shared.testing.Tokens;
import com.telconova.tracking.notification.News;
import com.telconova.tracking.notification.Notifications;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// The process is killed while it tells people, again and again; the mail server lives on.
final class NotificationCrashIT {
  private static final int MESSAGES = Rounds.of(60, 1_000);
  private static final int KILLS = Rounds.of(1, 8);
  private static final boolean LEASES_RUN_OUT = Rounds.of(0, 1) == 1;

  private final UUID customer = UUID.randomUUID();
  private final Jdbi behind = Jdbi.create(Bench.get().adminUrl());

  @Test
  void kill_9_loses_no_message_and_doubles_one_at_most_under_the_same_id() throws Exception {
    behind.useHandle(handle -> handle.execute("delete from tracking.notification"));
    TrackingFixture.know(behind, customer);
    queue();
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    long begin = System.nanoTime();
    try (Tokens tokens = Tokens.open();
        ServiceProcess service =
            ServiceProcess.start(
                "tracking",
                List.of("-Xmx96m", "-XX:+UseSerialGC"),
                TrackingFixture.environment(
                    tokens, URI.create("http://127.0.0.1:1"), server.getSmtp().getPort()))) {
      List<Integer> killedAfter = new ArrayList<>();
      for (int kill = 1; kill <= KILLS; kill++) {
        int some = MESSAGES * kill / (KILLS + 1);
        assertThat(server.waitForIncomingEmail(60_000, some)).isTrue();
        service.kill();
        killedAfter.add(sent());
        if (!LEASES_RUN_OUT) { // in a build nobody waits two minutes for the one in flight
          behind.useHandle(
              handle -> handle.execute("update tracking.notification set available_at = now()"));
        }
        service.start();
      }
      await().atMost(Duration.ofMinutes(4)).until(() -> sent() == MESSAGES);

      List<String> ids = new ArrayList<>();
      for (MimeMessage message : server.getReceivedMessages()) {
        ids.add(message.getMessageID());
      }
      Set<String> different = new TreeSet<>(ids);
      System.out.printf(
          "%d messages, kill -9 when %s were recorded as sent: %d mails under %d ids: %d lost, %d "
              + "doubled, %.0f s%n",
          MESSAGES,
          killedAfter,
          ids.size(),
          different.size(),
          MESSAGES - different.size(),
          ids.size() - different.size(),
          (System.nanoTime() - begin) / 1e9);
      assertThat(killedAfter).allSatisfy(count -> assertThat(count).isLessThan(MESSAGES));
      assertThat(different).isEqualTo(expected());
      assertThat(ids.size() - different.size()).isLessThanOrEqualTo(KILLS);
    } finally {
      server.stop();
    }
  }

  private void queue() throws Exception {
    var data = Mappers.TOLERANT.readTree("{\"code\": \"WO-7\", \"title\": \"No internet\"}");
    try (Database database = TrackingDatabase.open()) {
      Notifications notifications = new Notifications(Clock.systemUTC(), database, () -> {});
      database.useTransaction(handle -> {
        for (int i = 0; i < MESSAGES; i++) {
          notifications.queue(
              handle,
              new News(
                  UUID.randomUUID(),
                  "order.created",
                  UUID.randomUUID(),
                  customer,
                  null,
                  customer,
                  false,
                  data));
        }
      });
    }
  }

  private int sent() {
    return behind.withHandle(handle ->
        handle
            .createQuery("select count(*) from tracking.notification where status = 'SENT'")
            .mapTo(Integer.class)
            .one());
  }

  private Set<String> expected() {
    List<String> ids =
        behind.withHandle(handle ->
            handle
                .createQuery("select '<' || id || '@telconova.example>' from tracking.notification")
                .mapTo(String.class)
                .list());
    return new TreeSet<>(ids);
  }
}
