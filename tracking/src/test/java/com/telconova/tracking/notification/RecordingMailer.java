package com.telconova.tracking.notification;

import com.telconova.tracking.notification.carrier.Outcome;
import com.telconova.tracking.notification.mail.Mail;
import com.telconova.tracking.notification.mail.Mailer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// Takes every mail and answers as it is told.
final class RecordingMailer implements Mailer {
  final List<Mail> mails = new CopyOnWriteArrayList<>();
  private Function<Mail, Outcome> answer = _ -> new Outcome.Sent();

  /// What to do from now on when a mail has come.
  void answer(Function<Mail, Outcome> next) {
    answer = next;
  }

  @Override
  public Outcome send(Mail mail) {
    mails.add(mail);
    return answer.apply(mail);
  }

  @Override
  public void disconnect() {}
}
