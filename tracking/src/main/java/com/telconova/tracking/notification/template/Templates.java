package com.telconova.tracking.notification.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.telconova.tracking.recipient.Recipient;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Templates from `/templates/<language>/<name>.txt`: the subject, a blank line, the body.
///
/// `{code}` stands for the field `code` of the data, `{status.to}` for the word that
/// `words.properties` of that language has for the field `to`, `{time.dueAt}` for the field `dueAt`
/// in the reader's time zone. A line with a field that the event does not have is left out. Values
/// are put in once: what looks like a placeholder in them stays as it is. Immutable and
/// thread-safe.
public final class Templates {
  /// The languages there are templates in.
  public static final List<Locale> LOCALES = List.of(Locale.of("es"), Locale.of("en"));

  /// The template for a text of somebody's own.
  public static final String FREE = "message";

  /// The template for the warning that goes with every change of a password.
  public static final String PASSWORD_CHANGED = "user.password.changed";

  /// The templates there are, named after the events they tell of, if any.
  public static final List<String> NAMES =
      List.of(
          "order.created",
          "technician.assigned",
          "order.status_changed",
          "order.transition_refused",
          "sla.warning",
          "sla.breached",
          PASSWORD_CHANGED,
          "password.reset",
          FREE);

  /// The templates whose text is nobody's business but the reader's.
  public static final Set<String> SECRET = Set.of("password.reset");

  /// The templates that can be sent by whoever asks, with what they are filled with.
  public static final Map<String, Fields> SENDABLE =
      Map.of(
          "order.created",
          new Fields(Set.of("code", "title"), Set.of("category", "priority", "address")),
          "technician.assigned",
          new Fields(
              Set.of("code", "title"), Set.of("category", "priority", "zone", "address", "reason")),
          "order.status_changed",
          new Fields(Set.of("code", "title", "from", "to"), Set.of("reason", "reasonCode")),
          "password.reset",
          new Fields(Set.of("token", "expiresAt"), Set.of()));

  /// What a template is filled with.
  public record Fields(Set<String> required, Set<String> optional) {}

  private static final int MAX_SUBJECT = 200;
  private static final int MAX_SHORT = 480; // three parts of an SMS in GSM's alphabet
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(?:([a-z]+)\\.)?([A-Za-z]+)}");

  private final Map<Locale, Map<String, String>> texts = new HashMap<>();
  private final Map<Locale, Properties> words = new HashMap<>();

  private Templates() {}

  /// Reads all of them.
  ///
  /// @throws IllegalStateException when one is missing
  public static Templates load() {
    Templates templates = new Templates();
    for (Locale locale : LOCALES) {
      templates.texts.put(
          locale,
          NAMES.stream().collect(Collectors.toMap(name -> name, name -> text(locale, name))));
      templates.words.put(locale, words(locale));
    }
    return templates;
  }

  /// Writes a message in its reader's language.
  ///
  /// @param name of the template
  /// @param data what it is filled with, such as an event's data
  public Message render(Recipient reader, String name, JsonNode data) {
    String template = texts.get(reader.locale()).get(name);
    String[] lines = template.split("\n", 2);
    Values values = new Values(words.get(reader.locale()), reader.name(), reader.timeZone(), data);
    String subject =
        values
            .fill(lines[0])
            .orElseGet(() -> PLACEHOLDER.matcher(lines[0]).replaceAll("…")); // better than nothing
    String body =
        lines[1]
            .strip()
            .lines()
            .flatMap(line -> values.fill(line).stream())
            .collect(Collectors.joining("\n"))
            .replaceAll("\n{3,}", "\n\n");
    return new Message(
        subject.substring(0, subject.offsetByCodePoints(0, atMost(subject))), body + "\n");
  }

  /// A message where there is room for a few lines only: its subject says what matters, except of a
  /// text of somebody's own.
  public String shortText(String name, Message message) {
    String text =
        name.equals(FREE) ? message.subject() + "\n" + message.body().strip() : message.subject();
    int points = text.codePointCount(0, text.length());
    return points <= MAX_SHORT ? text : text.substring(0, text.offsetByCodePoints(0, MAX_SHORT));
  }

  /// The placeholders of a template, to compare languages by.
  Set<String> placeholders(Locale locale, String name) {
    Set<String> found = new HashSet<>();
    Matcher matcher = PLACEHOLDER.matcher(texts.get(locale).get(name));
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static int atMost(String subject) {
    return Math.min(MAX_SUBJECT, subject.codePointCount(0, subject.length()));
  }

  private record Values(Properties words, String person, ZoneId zone, JsonNode data) {
    /// The line with its placeholders filled, or empty when one has no value.
    Optional<String> fill(String line) {
      Matcher matcher = PLACEHOLDER.matcher(line);
      boolean complete = matcher.results().allMatch(match -> value(match).isPresent());
      return complete
          ? Optional.of(
              matcher
                  .reset()
                  .replaceAll(match -> Matcher.quoteReplacement(value(match).orElseThrow())))
          : Optional.empty();
    }

    private Optional<String> value(MatchResult match) {
      String field = match.group(2);
      String text = field.equals("name") ? person : data.path(field).asText("");
      return Optional.of(text)
          .filter(value -> !value.isBlank())
          .map(value ->
              switch (match.group(1)) {
                case null -> value;
                case "time" -> time(value);
                case String kind -> words.getProperty(kind + "." + value, value);
              });
    }

    private String time(String value) {
      try {
        return TIME.format(OffsetDateTime.parse(value).atZoneSameInstant(zone)) + " (" + zone + ")";
      } catch (DateTimeException e) {
        return value;
      }
    }
  }

  private static String text(Locale locale, String name) {
    try (InputStream in = resource(locale, name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties words(Locale locale) {
    try (InputStream in = resource(locale, "words.properties")) {
      Properties words = new Properties();
      words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(Locale locale, String file) {
    String path = "/templates/" + locale.getLanguage() + "/" + file;
    InputStream in = Templates.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException("The resource " + path + " is missing");
    }
    return in;
  }
}
