package com.telconova.tracking.notification.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.telconova.tracking.notification.carrier.Outcome;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SmtpMailerIT {
  private static final UUID ID = UUID.fromString("0198c1de-0000-7000-8000-000000000001");
  private static final Instant TIME = Instant.parse("2026-03-02T13:00:00Z");

  @Test
  void a_mail_arrives_with_its_names_texts_and_id() throws Exception {
    GreenMail server = greenMail();
    Mailer mailer = mailer(server.getSmtp().getPort());
    try {
      assertThat(
              mailer.send(
                  mail(
                      "María Gómez",
                      "Tu orden está «en curso»",
                      "Hola, María:\n\n1 < 2 & 3\nfin\n")))
          .isEqualTo(new Outcome.Sent());

      MimeMessage message = server.getReceivedMessages()[0];
      assertThat(message.getSubject()).isEqualTo("Tu orden está «en curso»");
      assertThat(message.getMessageID()).isEqualTo("<" + ID + "@telconova.example>");
      assertThat(message.getHeader("To"))
          .containsExactly("=?UTF-8?Q?Mar=C3=ADa_G=C3=B3mez?= <maria@example.com>");
      assertThat(message.getFrom()[0]).hasToString("MicroFlow <no-reply@telconova.example>");
      assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
      assertThat(message.getSentDate().toInstant()).isEqualTo(TIME);
      MimeMultipart parts = (MimeMultipart) message.getContent();
      assertThat(parts.getBodyPart(0).getContent().toString().replace("\r", ""))
          .isEqualTo("Hola, María:\n\n1 < 2 & 3\nfin\n");
      assertThat(parts.getBodyPart(1).getContent().toString())
          .contains("<p>Hola, María:</p>", "1 &lt; 2 &amp; 3<br>", "lang=\"es\"");
    } finally {
      server.stop();
    }
  }

  @Test
  void nothing_a_user_writes_adds_a_header() throws Exception {
    GreenMail server = greenMail();
    Mailer mailer = mailer(server.getSmtp().getPort());
    try {
      mailer.send(mail("Eve\r\nBcc: x@example.com", "Hi\r\nX-Evil: 1\n\rX-Worse: 2\u2028", "."));

      MimeMessage message = server.getReceivedMessages()[0];
      String head = GreenMailUtil.getHeaders(message);
      assertThat(message.getHeader("X-Evil")).isNull();
      assertThat(message.getHeader("X-Worse")).isNull();
      assertThat(message.getHeader("Bcc")).isNull();
      assertThat(server.getReceivedMessages()).hasSize(1);
      assertThat(message.getSubject()).isEqualTo("Hi X-Evil: 1 X-Worse: 2");
      assertThat(head).contains("\"Eve Bcc: x@example.com\" <maria@example.com>");
    } finally {
      server.stop();
    }
  }

  @Test
  void a_lone_dot_does_not_end_a_mail_early() throws Exception {
    GreenMail server = greenMail();
    Mailer mailer = mailer(server.getSmtp().getPort());
    try {
      mailer.send(mail("María", "Punto", "antes\n.\ndespués\n"));
      mailer.send(mail("María", "Otro", "segundo\n"));

      assertThat(server.getReceivedMessages()).hasSize(2);
      MimeMultipart parts = (MimeMultipart) server.getReceivedMessages()[0].getContent();
      assertThat(parts.getBodyPart(0).getContent().toString()).contains("después");
    } finally {
      server.stop();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 550 5.1.1 no such user, Refused",
    "RCPT, 450 4.2.1 try later, Deferred",
    "MAIL, 452 4.3.1 full, Deferred",
    "MAIL, 552 5.2.2 never, Refused",
    "DATA, 451 4.3.0 not now, Deferred",
    "., 554 5.7.1 spam, Refused",
    "., 421 4.3.2 going down, Deferred",
    "EHLO, 421 not now, Unreachable",
  })
  void each_refusal_is_understood(String command, String answer, String outcome) throws Exception {
    try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
      Mailer mailer = mailer(server.port());
      server.answer(command, answer).answer("HELO", answer);

      Outcome refused = mailer.send(mail("María", "Hola", "Hola"));
      assertThat(refused.getClass().getSimpleName()).isEqualTo(outcome);
      assertThat(refused.toString()).contains(answer);

      server.answer(command, "DATA".equals(command) ? "354 go on" : "250 ok");
      assertThat(mailer.send(mail("María", "Hola", "Hola"))).isEqualTo(new Outcome.Sent());
    }
  }

  @Test
  void a_server_that_never_answers_costs_a_bounded_time() throws Exception {
    try (ScriptedSmtpServer server = new ScriptedSmtpServer().answer(".", "")) {
      Mailer mailer = mailer(server.port());
      Instant start = Instant.now();

      assertThat(mailer.send(mail("María", "Hola", "Hola"))).isInstanceOf(Outcome.Deferred.class);
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void a_server_that_is_not_there_is_unreachable() throws Exception {
    Mailer mailer = mailer(freePort());

    assertThat(mailer.send(mail("María", "Hola", "Hola"))).isInstanceOf(Outcome.Unreachable.class);
  }

  @Test
  void an_address_that_is_none_is_refused_without_asking_the_server() throws Exception {
    try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
      Mailer mailer = mailer(server.port());
      Mail mail =
          new Mail(
              ID,
              "maria@exam ple.com\r\nRCPT TO:<x@example.com>",
              "M",
              Locale.of("es"),
              "s",
              "t",
              Optional.empty(),
              TIME);

      assertThat(mailer.send(mail)).isInstanceOf(Outcome.Refused.class);
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  void one_connection_serves_many_mails_and_a_lost_one_is_made_anew() throws Exception {
    try (ScriptedSmtpServer server = new ScriptedSmtpServer()) {
      Mailer mailer = mailer(server.port());
      mailer.send(mail("María", "Hola", "Hola"));
      mailer.send(mail("María", "Hola", "Hola"));
      assertThat(server.connections()).isEqualTo(1);

      mailer.disconnect();
      mailer.send(mail("María", "Hola", "Hola"));

      assertThat(server.connections()).isEqualTo(2);
      assertThat(server.taken()).isEqualTo(3);
    }
  }

  private static Mail mail(String name, String subject, String text) {
    return new Mail(
        ID, "maria@example.com", name, Locale.of("es"), subject, text, Optional.empty(), TIME);
  }

  private static Mailer mailer(int port) {
    SmtpConfig.Server server = new SmtpConfig.Server("127.0.0.1", port, Optional.empty());
    return new SmtpMailer(
        new SmtpConfig(server, "MicroFlow <no-reply@telconova.example>"),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1));
  }

  private static GreenMail greenMail() {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
