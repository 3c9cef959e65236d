package com.telconova.local.lab;

import com.telconova.local.terminal.Table;
import com.telconova.local.terminal.Terminal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes experiments to a terminal, in one language.
final class Printer {
  private static final int WIDTH = 96;
  // What has no accent to lose, for terminals without UTF-8.
  private static final Map<String, String> PLAIN =
      Map.of("×", "x", "µ", "u", "–", "-", "«", "\"", "»", "\"", "¿", "", "¡", "", "→", "->");

  private final Terminal terminal;
  private final Language language;
  private final boolean unicode;

  Printer(Terminal terminal, Language language) {
    this.terminal = terminal;
    this.language = language;
    this.unicode = terminal.dot().equals("·");
  }

  /// All there are, in a table, and how to run one.
  void list(List<Experiment> experiments, Machine machine) {
    terminal.heading(plain(language.text("lab.heading")));
    var table =
        new Table(
            heading("lab.column.name"),
            heading("lab.column.seconds") + ">",
            heading("lab.column.needs"),
            heading("lab.column.concept"));
    for (var experiment : experiments) {
      table.row(
          experiment.name(),
          experiment.seconds(),
          plain(needs(experiment, machine)),
          heading(experiment.name() + ".concept"));
    }
    table.print(terminal);
    terminal.line("");
    paragraph(language.text("lab.usage"), "  ", "  ");
  }

  private String heading(String key) {
    return plain(language.text(key));
  }

  private String needs(Experiment experiment, Machine machine) {
    var needs =
        experiment.needs().stream()
            .map(need -> {
              var name = language.text("need." + need.key());
              var there = need.missing(machine).isEmpty();
              return language.say(
                  Message.of(there ? "lab.need.there" : "lab.need.missing", "need", name));
            })
            .collect(Collectors.toCollection(ArrayList::new));
    if (experiment.usesServices()) {
      needs.add(language.text("need.services"));
    }
    return String.join(", ", needs);
  }

  /// Title and question.
  void introduce(Experiment experiment) {
    var name = experiment.name();
    terminal.heading(plain(name + " " + terminal.dot() + " " + language.text(name + ".title")));
    terminal.line("");
    paragraph(language.text(name + ".question"), "  ", "  ");
  }

  /// Says what this machine lacks for it, and what it would have shown.
  ///
  /// @return whether anything is lacking
  boolean missing(Experiment experiment, Machine machine) {
    boolean lacking = false;
    for (var need : experiment.needs()) {
      var reason = need.missing(machine);
      if (reason.isPresent()) {
        lacking = true;
        section("lab.missing");
        paragraph(
            language.say(Message.of("need." + need.key() + ".missing", "reason", reason.get())),
            "  ",
            "  ");
      }
    }
    if (lacking) {
      section("lab.would");
      paragraph(language.text(experiment.name() + ".would"), "  ", "  ");
      section("lab.why");
      paragraph(language.text(experiment.name() + ".explanation"), "  ", "  ");
    }
    return lacking;
  }

  /// What was done and measured, the answer, and what to think of it.
  void tell(Experiment experiment, Finding finding) {
    var name = experiment.name();
    section("lab.done");
    bullets(name + ".done");
    section("lab.measured");
    table(name, finding);
    section("lab.answer");
    for (var answer : finding.answers()) {
      paragraph(language.say(answer), "  ", "  ");
    }
    section("lab.why");
    paragraph(language.text(name + ".explanation"), "  ", "  ");
    section("lab.limits");
    paragraph(language.text(name + ".limits"), "  ", "  ");
    section("lab.see");
    language.list(name + ".see").forEach(line -> terminal.line(plain("    " + line)));
    section("lab.where");
    paragraph(language.text(name + ".where"), "  ", "  ");
  }

  private void section(String key) {
    terminal.line("");
    terminal.line(plain("  " + language.text(key)));
  }

  private void bullets(String key) {
    int number = 1;
    for (var text : language.list(key)) {
      paragraph(text, "  " + number + ". ", "     ");
      number++;
    }
  }

  private void table(String name, Finding finding) {
    var headings =
        finding.columns().stream()
            .map(column -> {
              var right = column.endsWith(">");
              var key = right ? column.substring(0, column.length() - 1) : column;
              var common = "lab.column." + key;
              var own = name + ".column." + key;
              var text = language.text(language.keys().contains(own) ? own : common);
              return plain(text) + (right ? ">" : "");
            })
            .toArray(String[]::new);
    var table = new Table(headings);
    finding
        .rows()
        .forEach(row -> table.row(row.stream().map(language::say).map(this::plain).toArray()));
    table.print(terminal);
  }

  private void paragraph(String text, String first, String others) {
    var line = new StringBuilder(first);
    boolean empty = true;
    for (var word : plain(text).split(" +")) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        terminal.line(line.toString());
        line = new StringBuilder(others);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    terminal.line(line.toString());
  }

  private String plain(String text) {
    if (unicode) {
      return text;
    }
    var plain = text;
    for (var entry : PLAIN.entrySet()) {
      plain = plain.replace(entry.getKey(), entry.getValue());
    }
    return Normalizer.normalize(plain, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
  }
}
