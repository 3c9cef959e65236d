package com.telconova.local.mail;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// SMTP and IMAP on free ports of 127.0.0.1, in memory. Whoever gets mail has a mailbox; any
/// password opens it.
public final class MailServer implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  private final GreenMail server;

  private MailServer(GreenMail server) {
    this.server = server;
  }

  /// A received message, for people.
  ///
  /// @param lines its text, line by line
  public record Mail(String to, String subject, List<String> lines) {}

  /// Starts both; they answer when this returns.
  public static MailServer start() {
    var server =
        new GreenMail(
            new ServerSetup[] {
              new ServerSetup(0, HOST, ServerSetup.PROTOCOL_SMTP),
              new ServerSetup(0, HOST, ServerSetup.PROTOCOL_IMAP)
            });
    server.getUserManager().setAuthRequired(false);
    server.start();
    return new MailServer(server);
  }

  /// Where services hand in mail.
  public URI smtp() {
    return URI.create("smtp://" + HOST + ":" + server.getSmtp().getPort());
  }

  /// Where people read it.
  public URI imap() {
    return URI.create("imap://" + HOST + ":" + server.getImap().getPort());
  }

  /// What came so far, in order of arrival.
  public List<Mail> received() {
    var mails = new ArrayList<Mail>();
    for (var message : server.getReceivedMessages()) {
      mails.add(mail(message));
    }
    return mails;
  }

  /// How many came so far.
  public int count() {
    return server.getReceivedMessages().length;
  }

  /// Empties all mailboxes.
  public void empty() {
    try {
      server.purgeEmailFromAllMailboxes();
    } catch (FolderException e) {
      throw new IllegalStateException("The mailboxes cannot be emptied", e);
    }
  }

  @Override
  public void close() {
    server.stop();
  }

  private static Mail mail(MimeMessage message) {
    try {
      var to = message.getRecipients(Message.RecipientType.TO);
      var text = text(message).strip();
      return new Mail(to[0].toString(), message.getSubject(), text.lines().toList());
    } catch (MessagingException e) {
      throw new IllegalStateException("A received mail cannot be read", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Part part) throws MessagingException, IOException {
    if (part.isMimeType("text/plain")) {
      return part.getContent().toString();
    }
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        var text = text(parts.getBodyPart(i));
        if (!text.isEmpty()) {
          return text;
        }
      }
    }
    return "";
  }
}
