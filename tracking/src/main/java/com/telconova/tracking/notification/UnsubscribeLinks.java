package com.telconova.tracking.notification;

import com.telconova.tracking.notification.template.Templates;
import com.telconova.tracking.recipient.Recipient;
import java.net.URI;
import java.util.Optional;

/// Where people say that they want no more mail of a kind.
///
/// @param publicUrl where the API is reached from outside, without a slash at its end; empty for no
///   links at all
public record UnsubscribeLinks(Optional<URI> publicUrl) {
  /// The path below [#publicUrl], with the person's token behind it.
  public static final String PATH = "/notifications/unsubscribe/";

  /// @return empty for what carries a secret, which the reader asked for, and for a warning that
  ///   somebody else may be at work, which nobody is to be talked out of
  Optional<URI> of(Delivery delivery, Recipient recipient) {
    return delivery.secret() || delivery.template().equals(Templates.PASSWORD_CHANGED)
        ? Optional.empty()
        : publicUrl.flatMap(url ->
            recipient
                .optOut()
                .map(said ->
                    URI.create(url + PATH + said.token() + "?event=" + delivery.template())));
  }
}
