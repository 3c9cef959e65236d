package com.telconova.tracking.notification.mail;

import com.telconova.tracking.notification.carrier.Outcome;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;

/// Sends by SMTP (RFC 5321), over one connection as long as there is something to send. Every wait
/// is bounded. For one thread.
public final class SmtpMailer implements Mailer {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int MAX_DETAIL = 200;
  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  private final SmtpConfig config;
  private final Session session;
  private final InternetAddress from;
  private Transport transport;

  public SmtpMailer(SmtpConfig config) {
    this(config, CONNECT, ANSWER);
  }

  SmtpMailer(SmtpConfig config, Duration connect, Duration answer) {
    this.config = config;
    this.session = Session.getInstance(properties(config.server(), connect, answer));
    try {
      this.from = new InternetAddress(config.from(), true);
    } catch (AddressException e) {
      throw new IllegalArgumentException("not a mail address: " + config.from(), e);
    }
  }

  @Override
  public Outcome send(Mail mail) {
    MimeMessage message;
    try {
      message = message(mail);
    } catch (MessagingException | UnsupportedEncodingException e) {
      return new Outcome.Refused("The address or the text cannot be sent: " + detail(e));
    }
    try {
      connect();
    } catch (MessagingException e) {
      disconnect();
      return new Outcome.Unreachable(detail(e));
    }
    try {
      transport.sendMessage(message, message.getAllRecipients());
      return new Outcome.Sent();
    } catch (MessagingException e) {
      disconnect();
      return isFinal(e) ? new Outcome.Refused(detail(e)) : new Outcome.Deferred(detail(e));
    }
  }

  @Override
  public void disconnect() {
    if (transport != null) {
      try {
        transport.close();
      } catch (MessagingException e) {
        // It is gone, which is what was wanted.
      }
      transport = null;
    }
  }

  private void connect() throws MessagingException {
    if (transport != null && transport.isConnected()) {
      return;
    }
    disconnect();
    SmtpConfig.Server server = config.server();
    Transport fresh = session.getTransport("smtp");
    fresh.connect(
        server.host(),
        server.port(),
        server.login().map(SmtpConfig.Login::user).orElse(null),
        server.login().map(login -> login.password().value()).orElse(null));
    transport = fresh;
  }

  private MimeMessage message(Mail mail) throws MessagingException, UnsupportedEncodingException {
    InternetAddress to = new InternetAddress(mail.address(), true);
    to.setPersonal(mail.name(), UTF_8);
    MimeMessage message = new WithId(session, "<" + mail.id() + "@" + domain() + ">");
    message.setFrom(from);
    message.setRecipient(Message.RecipientType.TO, to);
    message.setSubject(mail.subject(), UTF_8);
    message.setSentDate(Date.from(mail.createdAt()));
    message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no holiday replies
    message.setHeader("Content-Language", mail.locale().getLanguage());
    if (mail.unsubscribe().isPresent()) { // RFC 2369, and RFC 8058 for those with one button
      message.setHeader("List-Unsubscribe", "<" + mail.unsubscribe().get() + ">");
      message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    message.setContent(alternatives(mail));
    message.saveChanges();
    return message;
  }

  /// The same text twice, the better form last (RFC 2046 §5.1.4).
  private static MimeMultipart alternatives(Mail mail) throws MessagingException {
    MimeBodyPart text = new MimeBodyPart();
    text.setText(plain(mail), UTF_8, "plain");
    MimeBodyPart html = new MimeBodyPart();
    html.setText(Html.of(mail), UTF_8, "html");
    return new MimeMultipart("alternative", text, html);
  }

  private static String plain(Mail mail) {
    return mail.unsubscribe()
        .map(link -> mail.text() + "\n" + mail.unsubscribeText() + ": " + link + "\n")
        .orElse(mail.text());
  }

  private String domain() {
    String address = from.getAddress();
    return address.substring(address.indexOf('@') + 1);
  }

  /// Jakarta Mail makes a new Message-ID whenever a message is saved; ours stays.
  private static final class WithId extends MimeMessage {
    private final String id;

    WithId(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  /// Whether any answer in the chain of exceptions is a 5xx: trying again would change nothing.
  private static boolean isFinal(MessagingException thrown) {
    for (Exception at = thrown; at instanceof MessagingException e; at = e.getNextException()) {
      int code =
          switch (e) {
            case SMTPAddressFailedException failed -> failed.getReturnCode();
            case SMTPSenderFailedException failed -> failed.getReturnCode();
            case SMTPSendFailedException failed -> failed.getReturnCode();
            default -> 0;
          };
      if (code >= 500) {
        return true;
      }
    }
    return false;
  }

  /// What the innermost exception says, on one line; never more than the list can show.
  private static String detail(Exception thrown) {
    Exception last = thrown;
    while (last instanceof MessagingException e && e.getNextException() != null) {
      last = e.getNextException();
    }
    String message =
        last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    String line = message.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL) + "…";
  }

  private static Properties properties(
      SmtpConfig.Server server, Duration connect, Duration answer) {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", Long.toString(connect.toMillis()));
    properties.setProperty("mail.smtp.timeout", Long.toString(answer.toMillis()));
    properties.setProperty("mail.smtp.writetimeout", Long.toString(answer.toMillis()));
    properties.setProperty("mail.smtp.auth", Boolean.toString(server.login().isPresent()));
    properties.setProperty("mail.smtp.starttls.enable", "true");
    properties.setProperty("mail.mime.address.strict", "true");
    properties.setProperty("mail.smtp.quitwait", "false");
    return properties;
  }
}
