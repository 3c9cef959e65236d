package com.telconova.tracking.notification;

import com.telconova.tracking.recipient.Channel;
import com.telconova.tracking.recipient.Recipient;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Whether a message goes to somebody now, as they wish.
sealed interface Decision {
  /// How people are told who did not choose.
  Set<Channel> USUAL = Set.of(Channel.EMAIL);

  /// It goes.
  ///
  /// @param address on its channel
  record Send(String address) implements Decision {}

  /// It never goes.
  record Suppress(String reason) implements Decision {}

  /// It goes later.
  record Wait(Instant until, String reason) implements Decision {}

  /// Decides for a recipient who is known. What carries a secret was asked for by the person, and
  /// goes whatever they prefer. What is critical goes at any hour, and by mail where no channel was
  /// left to it.
  static Decision of(Delivery delivery, Recipient recipient, Instant now) {
    if (!recipient.active()) {
      return new Suppress("The account is not active.");
    }
    Optional<String> address = recipient.address(delivery.channel());
    if (address.isEmpty()) {
      return new Suppress("This person has no address for " + delivery.channel() + ".");
    }
    if (!delivery.secret()) {
      Set<Channel> wanted = recipient.channels(delivery.template(), USUAL);
      boolean instead =
          delivery.fallbackFor() != null && !recipient.preferences().chose(delivery.template());
      if (!wanted.contains(delivery.channel()) && !instead && !isLastResort(delivery, wanted)) {
        return new Suppress(
            recipient.hasUnsubscribed(delivery.template())
                ? "Unsubscribed by the link in a mail, until the profile's preferences are changed."
                : "This person does not want to be told of this by " + delivery.channel() + ".");
      }
      if (delivery.channel() == Channel.SMS && !fitsSms(delivery)) {
        return new Suppress("Only what cannot wait goes by SMS.");
      }
      if (!delivery.critical()) {
        Optional<Instant> until = recipient.preferences().quietUntil(now, recipient.timeZone());
        if (until.isPresent()) {
          return new Wait(until.get(), "Waiting for the end of this person's quiet hours.");
        }
      }
    }
    return new Send(address.get());
  }

  /// The channels on which to queue what somebody is to be told of: the usual ones, so that the
  /// record shows what they left out, and those they ask for.
  ///
  /// @param recipient empty while nobody told of them
  static Set<Channel> channels(String template, Optional<Recipient> recipient) {
    Set<Channel> channels = EnumSet.copyOf(USUAL);
    recipient.ifPresent(known -> channels.addAll(known.preferences().channels(template, USUAL)));
    return channels;
  }

  /// On which other channels to try what failed on this one, the best first: where there is an
  /// address, and where the person who chose their channels would have it. A secret goes nowhere
  /// else.
  static List<Channel> fallbacks(Delivery failed, Instant now) {
    return Stream.of(Channel.PUSH, Channel.SMS, Channel.EMAIL)
        .filter(channel -> !failed.secret() && channel != failed.channel())
        .filter(channel ->
            failed
                .recipient()
                .map(recipient -> of(failed.insteadBy(channel), recipient, now))
                .filter(decision -> !(decision instanceof Suppress))
                .isPresent())
        .toList();
  }

  private static boolean isLastResort(Delivery delivery, Set<Channel> wanted) {
    return delivery.critical() && wanted.isEmpty() && delivery.channel() == Channel.EMAIL;
  }

  private static boolean fitsSms(Delivery delivery) {
    return delivery.critical()
        || delivery.template().equals("technician.assigned")
        || delivery.template().equals("message");
  }
}
