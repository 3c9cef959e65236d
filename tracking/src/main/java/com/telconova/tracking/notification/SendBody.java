package com.telconova.tracking.notification;

import com.telconova.shared.json.Body;
import com.telconova.shared.json.Rfc3339;
import com.telconova.shared.problem.Faults;
import com.telconova.tracking.notification.template.Templates;
import com.telconova.tracking.recipient.Channel;
import java.time.DateTimeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// What is to be sent: a template with its parameters, or a text of one's own.
record SendBody(
    UUID userId,
    String template,
    String subject,
    String body,
    Map<String, String> parameters,
    List<Channel> channels)
    implements Body {
  private static final int MAX_VALUE = 1_000;
  private static final List<Channel> MAIL_ONLY = List.of(Channel.EMAIL);

  @Override
  public void check(Faults faults) {
    faults.present("/userId", userId);
    if (template == null) {
      faults.text("/subject", subject, 1, 200);
      faults.text("/body", body, 1, 10_000);
      faults.require(parameters == null, "/parameters", "belongs to a template");
    } else {
      faults.require(subject == null, "/subject", "takes no text beside a template");
      faults.require(body == null, "/body", "takes no text beside a template");
      checkTemplate(faults);
    }
    faults.require(channels == null || !channels.isEmpty(), "/channels", "takes at least one");
    faults.atMost("/channels", channels, Channel.values().length);
    faults.require(
        template == null
            || !Templates.SECRET.contains(template)
            || channels == null
            || channels.equals(MAIL_ONLY),
        "/channels",
        "takes EMAIL alone for what is secret");
  }

  private void checkTemplate(Faults faults) {
    if (!Templates.SENDABLE.containsKey(template)) {
      faults.add(
          "/template",
          "takes one of "
              + String.join(", ", Templates.SENDABLE.keySet().stream().sorted().toList()));
      return;
    }
    Map<String, String> given = parameters == null ? Map.of() : parameters;
    Templates.Fields fields = Templates.SENDABLE.get(template);
    fields
        .required()
        .forEach(name -> faults.text("/parameters/" + name, given.get(name), 1, MAX_VALUE));
    given.forEach((name, value) -> {
      faults.require(
          fields.required().contains(name) || fields.optional().contains(name),
          "/parameters/" + (name.length() > 40 ? name.substring(0, 40) : name),
          "is not a parameter of " + template);
      faults.optionalText("/parameters/" + name, value, 1, MAX_VALUE);
    });
    if (given.get("expiresAt") != null) {
      faults.require(
          isTime(given.get("expiresAt")), "/parameters/expiresAt", "takes " + Rfc3339.EXPECTED);
    }
  }

  private static boolean isTime(String text) {
    try {
      Rfc3339.parse(text);
      return true;
    } catch (DateTimeException | IllegalArgumentException e) {
      return false;
    }
  }

  Notifications.Wish toWish() {
    Set<Channel> chosen = EnumSet.noneOf(Channel.class);
    (channels == null ? MAIL_ONLY : channels)
        .stream().filter(Objects::nonNull).forEach(chosen::add);
    return template == null
        ? new Notifications.Wish(
            userId,
            Templates.FREE,
            Map.of("subject", subject.strip(), "body", body.strip()),
            chosen)
        : new Notifications.Wish(
            userId, template, parameters == null ? Map.of() : parameters, chosen);
  }

  /// Says nothing of what is to be sent, which may be secret.
  @Override
  public String toString() {
    return "SendBody[" + userId + "]";
  }
}
