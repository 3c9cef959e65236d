package com.telconova.tracking.notification.mail;

import com.telconova.tracking.notification.carrier.Carrier;
import com.telconova.tracking.notification.carrier.Outcome;

/// Brings messages as mail.
public final class MailCarrier implements Carrier {
  private final Mailer mailer;

  /// @param mailer used by this carrier alone
  public MailCarrier(Mailer mailer) {
    this.mailer = mailer;
  }

  @Override
  public Outcome carry(Parcel parcel) {
    return mailer.send(
        new Mail(
            parcel.id(),
            parcel.address(),
            parcel.recipient().name(),
            parcel.recipient().locale(),
            parcel.message().subject(),
            parcel.message().body(),
            parcel.unsubscribe(),
            parcel.createdAt()));
  }

  @Override
  public void disconnect() {
    mailer.disconnect();
  }
}
