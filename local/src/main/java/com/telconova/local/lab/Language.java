package com.telconova.local.lab;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What experiments say, in one language: all of `en.properties` or `es.properties`, and how
/// numbers are written.
enum Language {
  EN(',', '.'),
  ES('.', ',');

  private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z0-9]+)\\}");
  private static final String[] TIMES = {"ns", "µs", "ms", "s"};
  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB"};

  private final Properties texts = new Properties();
  private final DecimalFormatSymbols symbols = new DecimalFormatSymbols(Locale.ROOT);

  Language(char grouping, char decimal) {
    symbols.setGroupingSeparator(grouping);
    symbols.setDecimalSeparator(decimal);
    var name = name().toLowerCase(Locale.ROOT) + ".properties";
    try (var in = Language.class.getResourceAsStream(name)) {
      texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The one that the environment asks for (LC_ALL, LC_MESSAGES, LANG): Spanish where that begins
  /// with `es`, else English.
  static Language of(Map<String, String> environment) {
    for (var name : List.of("LC_ALL", "LC_MESSAGES", "LANG")) {
      var value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.toLowerCase(Locale.ROOT).startsWith("es") ? ES : EN;
      }
    }
    return EN;
  }

  /// The keys of all texts.
  Set<String> keys() {
    return new TreeSet<>(texts.stringPropertyNames());
  }

  /// The names in braces in a text.
  Set<String> places(String key) {
    var names = new TreeSet<String>();
    PLACE.matcher(text(key)).results().forEach(found -> names.add(found.group(1)));
    return names;
  }

  /// A text with nothing to fill in.
  ///
  /// @throws IllegalArgumentException when there is none
  String text(String key) {
    var text = texts.getProperty(key);
    if (text == null) {
      throw new IllegalArgumentException("no text " + key + " in " + this);
    }
    return text;
  }

  /// The texts `key.1`, `key.2` and so on; empty when there are none.
  List<String> list(String key) {
    var all = new ArrayList<String>();
    for (int i = 1; texts.containsKey(key + "." + i); i++) {
      all.add(text(key + "." + i));
    }
    return all;
  }

  /// A message, quantity or text as it is written in this language.
  String say(Object what) {
    return switch (what) {
      case Message message -> fill(message);
      case Quantity quantity -> write(quantity);
      case Range range -> write(range);
      default -> what.toString();
    };
  }

  private String fill(Message message) {
    var text = text(message.key());
    return PLACE
        .matcher(text)
        .replaceAll(found -> {
          var value = message.values().get(found.group(1));
          if (value == null) {
            throw new IllegalArgumentException(message.key() + " lacks " + found.group(1));
          }
          return Matcher.quoteReplacement(say(value));
        });
  }

  private String write(Quantity quantity) {
    double value = quantity.value();
    if (Double.isNaN(value)) {
      return "–";
    }
    return switch (quantity.unit()) {
      case TIME -> scaled(value * 1e9, 1000, TIMES);
      case BYTES -> scaled(value, 1024, BYTES);
      case THROUGHPUT -> scaled(value, 1024, BYTES) + "/s";
      case COUNT -> value == Math.rint(value) ? number(value, 0) : digits(value);
      case SHARE -> number(value * 100, Math.abs(value) < 0.1 ? 1 : 0) + " %";
      case FACTOR, RATE -> digits(value);
    };
  }

  private String write(Range range) {
    if (range.size() == 1) {
      return "–";
    }
    var most = write(new Quantity(range.most(), range.unit()));
    // 61.9–62.3 MiB, each in the larger one's unit.
    var unit = most.indexOf(' ') < 0 ? "" : most.substring(most.indexOf(' '));
    var least = write(new Quantity(range.least(), range.unit()));
    return least.endsWith(unit)
        ? least.substring(0, least.length() - unit.length()) + "–" + most
        : least + " – " + most;
  }

  private String scaled(double value, double step, String[] units) {
    int unit = 0;
    while (Math.abs(value) >= step && unit < units.length - 1) {
      value /= step;
      unit++;
    }
    return digits(value) + " " + units[unit];
  }

  /// Three digits that count.
  private String digits(double value) {
    double size = Math.abs(value);
    return number(value, size >= 99.95 || value == 0 ? 0 : size >= 9.995 ? 1 : 2);
  }

  private String number(double value, int decimals) {
    var format =
        new DecimalFormat(decimals == 0 ? "#,##0" : "#,##0." + "0".repeat(decimals), symbols);
    return format.format(value);
  }
}
