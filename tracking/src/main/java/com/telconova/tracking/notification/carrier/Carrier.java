package com.telconova.tracking.notification.carrier;

import com.telconova.tracking.notification.template.Message;
import com.telconova.tracking.recipient.Recipient;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One way to bring a message to a person. Used by one thread.
public interface Carrier {
  /// Brings it, or says why not.
  Outcome carry(Parcel parcel);

  /// Holds no connection until the next [#carry].
  void disconnect();

  /// What is to be brought.
  ///
  /// @param id the same at every try, so that a message which comes twice can be recognised
  /// @param address of the recipient, on this way
  /// @param unsubscribe where to say that no more of its kind are wanted; empty where nobody may
  /// @param text the message where there is room for a few lines only
  record Parcel(
      UUID id,
      Recipient recipient,
      String address,
      Message message,
      String text,
      Optional<URI> unsubscribe,
      Instant createdAt) {
    /// Says nothing of what is inside, which may be secret.
    @Override
    public String toString() {
      return "Parcel[" + id + "]";
    }
  }
}
