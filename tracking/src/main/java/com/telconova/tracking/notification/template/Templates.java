package com.telconova.tracking.notification.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

/// Templates from `/templates/<language>/<event>.txt`: the subject, a blank line, the body.
///
/// `{code}` stands for the field `code` of the event's data, `{status.to}` for the word that
/// `words.properties` of that language has for the field `to`. A line with a field that the event
/// does not have is left out. Values are put in once: what looks like a placeholder in them stays
/// as it is. Immutable and thread-safe.
public final class Templates {
  /// The languages there are templates in.
  public static final List<Locale> LOCALES = List.of(Locale.of("es"), Locale.of("en"));

  /// The events there are templates for.
  public static final List<String> NAMES =
      List.of("order.created", "technician.assigned", "order.status_changed");

  private static final int MAX_SUBJECT = 200;
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

  /// Writes the message of an event.
  ///
  /// @param name the event's type
  /// @param person what the recipient is called: `{name}`
  /// @param data the event's data
  public Message render(Locale locale, String name, String person, JsonNode data) {
    String template = texts.get(locale).get(name);
    String[] lines = template.split("\n", 2);
    Values values = new Values(words.get(locale), person, data);
    String subject = values.fill(lines[0]).orElseThrow();
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

  private record Values(Properties words, String person, JsonNode data) {
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
              match.group(1) == null
                  ? value
                  : words.getProperty(match.group(1) + "." + value, value));
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
