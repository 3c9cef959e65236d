package com.telconova.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.local.api.Client;
import com.telconova.local.api.Session;
import com.telconova.local.mail.MailServer.Mail;
import com.telconova.local.mail.MessageFile.Message;
import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/// What there is to see when the story is over, as its people see it.
///
/// @param names who somebody is, by user id
record Told(
    Client api,
    Steps steps,
    Session client,
    Session technician,
    String orderId,
    Map<String, String> names) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  void printTimeline(Terminal terminal) {
    var timeline =
        steps.take(
            client.who(),
            "reads the timeline",
            "GET /tracking/{id}",
            200,
            () -> api.get("/tracking/" + orderId, client.token()));
    var table = new Table("time", "event", "who", "what", "hash");
    for (var entry : timeline.body().path("items")) {
      table.row(
          TIME.format(Instant.parse(entry.path("time").asText())),
          entry.path("type").asText(),
          actor(entry.path("actor")),
          terminal.cut(gist(terminal, entry.path("data")), 24),
          entry.path("hash").asText().replaceFirst("(?<=^.{8}).*", ""));
    }
    table.print(terminal);
  }

  void printNotifications(Terminal terminal) {
    var table = new Table("to", "because of", "channel", "status", "subject");
    for (var person : List.of(client, technician)) {
      var list =
          steps.take(
              person.who(),
              "lists their notifications",
              "GET /notifications/{id}",
              200,
              () -> api.get("/notifications/" + person.userId(), person.token()));
      for (var item : list.body().path("items")) {
        table.row(
            person.who(),
            item.path("template").asText(item.path("type").asText()),
            item.path("channel").asText(),
            item.path("status").asText(),
            terminal.cut(item.path("subject").asText(), 37));
      }
    }
    table.print(terminal);
  }

  void printMails(Terminal terminal, List<Mail> mails) {
    for (var mail : mails) {
      terminal.line("");
      terminal.line("  To: " + mail.to());
      terminal.line("  Subject: " + terminal.cut(mail.subject(), 89));
      mail.lines().stream()
          .filter(line -> !line.isBlank())
          .limit(4)
          .forEach(line -> terminal.quiet("  | " + terminal.cut(line, 94)));
    }
  }

  /// SMS and push have nobody to receive them on this machine.
  void printMessages(Terminal terminal, List<Message> messages) {
    terminal.line("");
    terminal.line("  SMS and push, which go to a file here:" + (messages.isEmpty() ? " none" : ""));
    for (var message : messages) {
      var text = message.text().replace('\n', ' ');
      terminal.line("  " + message.channel() + " to " + terminal.cut(message.address(), 87));
      terminal.quiet("  | " + terminal.cut(text, 94));
    }
  }

  private String actor(JsonNode actor) {
    if (actor.isNull() || actor.isMissingNode()) {
      return "the system";
    }
    var id = actor.isObject() ? actor.path("id").asText() : actor.asText();
    return names.getOrDefault(id, id);
  }

  // What a newcomer wants to read of an entry's data.
  private static String gist(Terminal terminal, JsonNode data) {
    if (data.hasNonNull("from") && data.hasNonNull("to")) {
      return data.get("from").asText() + " " + terminal.arrow() + " " + data.get("to").asText();
    }
    var said = data.path("comment").asText(data.path("fileName").asText(""));
    if (said.isEmpty()) {
      return data.path("resolution").path("code").asText(data.path("title").asText(""));
    }
    return data.hasNonNull("percent") ? data.get("percent").asText() + " %, " + said : said;
  }
}
