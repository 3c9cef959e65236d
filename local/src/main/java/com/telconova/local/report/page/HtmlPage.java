package com.telconova.local.report.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/// A report as one page of HTML that needs nothing else: no script, no font, no picture from
/// anywhere, and a policy that forbids all of them. Everything that comes from a recording is
/// escaped.
public final class HtmlPage {
  private static final String MARK = "<meta name=\"generator\" content=\"microflow report\">";

  private final StringBuilder html = new StringBuilder(1 << 18);
  private final Svg svg = new Svg(html);

  private HtmlPage() {}

  public static String of(Document document) {
    var page = new HtmlPage();
    page.write(document);
    return page.html.toString();
  }

  /// Whether a file is a report of ours.
  public static boolean isOne(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(400), StandardCharsets.UTF_8).contains(MARK);
    }
  }

  private void write(Document document) {
    String style = style();
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append(MARK)
        .append("\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
        .append(" style-src 'sha256-")
        .append(hash(style))
        .append("'; base-uri 'none'; form-action 'none'\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
        .append(escape(document.title()))
        .append("</title>\n<style>")
        .append(style)
        .append("</style>\n</head>\n<body>\n");
    svg.patterns();
    html.append("<header><h1>")
        .append(escape(document.title()))
        .append("</h1><p>")
        .append(escape(document.subtitle()))
        .append("</p></header>\n<nav aria-label=\"Contents\"><ol>");
    for (Section section : document.sections()) {
      html.append("<li><a href=\"#")
          .append(escape(section.id()))
          .append("\">")
          .append(escape(section.title()))
          .append("</a></li>");
    }
    html.append("</ol></nav>\n<main>\n");
    for (String note : document.notes()) {
      html.append("<p class=\"warn\"><strong>Note.</strong> ")
          .append(escape(note))
          .append("</p>\n");
    }
    document.sections().forEach(this::section);
    html.append("</main>\n<footer>Written by <code>./microflow report</code>. All times are UTC.")
        .append(" A dash or <em>unknown</em> is what a recording does not say; it is never a")
        .append(" zero.</footer>\n</body>\n</html>\n");
  }

  private void section(Section section) {
    html.append("<section id=\"")
        .append(escape(section.id()))
        .append("\">\n<h2>")
        .append(escape(section.title()))
        .append("</h2>\n<p class=\"lead\">")
        .append(escape(section.lead()))
        .append("</p>\n");
    section.shared().forEach(this::block);
    if (!section.panels().isEmpty()) {
      html.append("<div class=\"panels p").append(section.panels().size()).append("\">\n");
      for (var panel : section.panels()) {
        html.append("<div class=\"panel\"><h3>").append(escape(panel.name())).append("</h3>\n");
        panel.blocks().forEach(this::block);
        html.append("</div>\n");
      }
      html.append("</div>\n");
    }
    html.append("</section>\n");
  }

  private void block(Block block) {
    switch (block) {
      case Block.Facts facts -> facts(facts);
      case Block.Grid grid -> grid(grid);
      case Block.Chart chart -> svg.chart(chart);
      case Block.Bars bars -> svg.bars(bars);
      case Block.Lanes lanes -> svg.lanes(lanes);
      case Block.Note note ->
          html.append("<p class=\"note\">").append(escape(note.text())).append("</p>\n");
    }
  }

  private void facts(Block.Facts facts) {
    html.append("<dl>");
    for (var fact : facts.facts()) {
      html.append("<dt>")
          .append(escape(fact.name()))
          .append("</dt><dd>")
          .append(escape(fact.value()));
      if (!fact.note().isEmpty()) {
        html.append(" <small>").append(escape(fact.note())).append("</small>");
      }
      html.append("</dd>");
    }
    html.append("</dl>\n");
  }

  private void grid(Block.Grid grid) {
    if (grid.rows().isEmpty()) {
      html.append("<p class=\"none\">");
      if (!grid.title().isEmpty()) {
        html.append("<b>").append(escape(grid.title())).append("</b> ");
      }
      html.append(escape(grid.empty())).append("</p>\n");
      return;
    }
    html.append("<div class=\"scroll\"><table>");
    if (!grid.title().isEmpty()) {
      html.append("<caption>").append(escape(grid.title())).append("</caption>");
    }
    html.append("<thead><tr>");
    for (String heading : grid.headings()) {
      boolean right = heading.endsWith(">");
      html.append("<th scope=\"col\"")
          .append(right ? " class=\"r\">" : ">")
          .append(escape(right ? heading.substring(0, heading.length() - 1) : heading))
          .append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (List<String> row : grid.rows()) {
      html.append("<tr>");
      for (int column = 0; column < row.size(); column++) {
        boolean right = grid.headings().get(column).endsWith(">");
        boolean within = row.get(column).startsWith(" ");
        html.append(column == 0 ? "<th scope=\"row\"" : "<td")
            .append(right ? " class=\"r\">" : within ? " class=\"in\">" : ">")
            .append(right ? escape(row.get(column)) : breakable(row.get(column)))
            .append(column == 0 ? "</th>" : "</td>");
      }
      html.append("</tr>");
    }
    html.append("</tbody></table></div>\n");
  }

  /// Long names of methods and files may break behind their dots and slashes.
  private static String breakable(String text) {
    return escape(text).replace(".", ".<wbr>").replace("/", "/<wbr>");
  }

  /// Safe as text and between the quotes of an attribute.
  static String escape(String text) {
    var safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      switch (each) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> safe.append(Character.isISOControl(each) ? '\uFFFD' : each);
      }
    }
    return safe.toString();
  }

  private static String style() {
    try (var in = HtmlPage.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String style) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
