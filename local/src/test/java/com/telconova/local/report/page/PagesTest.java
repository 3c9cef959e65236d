package com.telconova.local.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PagesTest {

  private static final String NASTY =
      "<script>alert(1)</script>\"' onload=x \u001b[31m\n\u202e&amp;";

  @TempDir private Path folder;

  @Test
  void whatever_a_recording_holds_stays_text_on_the_page() {
    String html = HtmlPage.of(nasty());

    assertThat(html).doesNotContain("<script", "onload=x \u001b", "\" onload", "' onload");
    assertThat(html).contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x");
    assertThat(html).contains("&amp;amp;");
    assertThat(html).doesNotContain("\u001b");
  }

  @Test
  void the_page_needs_nothing_else_and_forbids_it() {
    String html = HtmlPage.of(nasty());

    assertThat(html)
        .contains("Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
        .doesNotContainPattern("(?i)(src|href)\\s*=\\s*\"(?!#)")
        .doesNotContainPattern("(?i)@import|url\\((?!#)|https?:")
        .doesNotContain("style=\"");
  }

  @Test
  void every_tag_that_is_opened_is_closed_and_every_chart_says_what_it_is() throws Exception {
    String html = HtmlPage.of(nasty());

    for (String tag : List.of("section", "div", "svg", "table", "tr", "td", "th", "p", "figure")) {
      assertThat(count(html, "<" + tag + "[ >]")).as(tag).isEqualTo(count(html, "</" + tag + ">"));
    }
    assertThat(count(html, "role=\"img\"")).isEqualTo(count(html, "<title id=")).isPositive();
    assertThat(count(html, "<desc id=")).isEqualTo(count(html, "<title id="));
  }

  @Test
  void a_page_is_known_again_and_another_file_is_not_one() throws Exception {
    var report = Files.writeString(folder.resolve("report.html"), HtmlPage.of(nasty()));
    var other = Files.writeString(folder.resolve("other.html"), "<html>mine</html>");

    assertThat(HtmlPage.isOne(report)).isTrue();
    assertThat(HtmlPage.isOne(other)).isFalse();
  }

  @Test
  void no_line_of_text_is_wider_than_a_hundred_columns_or_moves_the_cursor() {
    for (boolean unicode : new boolean[] {true, false}) {
      assertThat(TextPage.of(nasty(), unicode))
          .allMatch(line -> line.length() <= 100, "at most 100 columns")
          .allMatch(line -> line.chars().noneMatch(Character::isISOControl), "no control")
          .noneMatch(line -> line.contains("\u202e"));
    }
    assertThat(String.join("", TextPage.of(nasty(), false))).matches("\\p{ASCII}+");
  }

  @Test
  void both_say_the_same_numbers() {
    String html = HtmlPage.of(nasty());
    String text = String.join("\n", TextPage.of(nasty(), true));

    for (String number : List.of("1,234", "12.5 MiB", "3.00 ms", "42.0 ms", "7.00/s")) {
      assertThat(html).contains(number);
      assertThat(text).contains(number);
    }
  }

  @Test
  void what_does_not_fit_beside_stands_below() {
    var headings = List.of("", "a>", "b>", "c>", "d>");
    var wide =
        List.of("processor time", "1".repeat(25), "2".repeat(25), "3".repeat(25), "4".repeat(25));
    var section =
        new Section(
            "x", "X", "Lead.", List.of(new Block.Grid("", headings, List.of(wide), "")), List.of());

    var text = TextPage.of(new Document("T", "S", List.of(), List.of(section)), true);

    assertThat(String.join("\n", text)).contains("1".repeat(25), "4".repeat(25));
    assertThat(text).filteredOn(line -> line.contains("processor time")).hasSizeGreaterThan(1);
  }

  private static Document nasty() {
    long second = 1_000_000_000L;
    var line =
        new Block.Line(
            NASTY,
            0,
            List.of(
                new Block.Point(0, second, 7),
                new Block.Point(second, 2 * second, Double.NaN),
                new Block.Point(2 * second, 3 * second, 3)));
    var blocks = new java.util.ArrayList<Block>();
    for (var form : Block.Form.values()) {
      blocks.add(
          new Block.Chart(
              NASTY,
              Unit.PER_SECOND,
              0,
              4 * second,
              second,
              3 * second,
              10,
              form,
              List.of(line),
              NASTY));
    }
    blocks.add(new Block.Facts(List.of(new Block.Fact(NASTY, "12.5 MiB", NASTY))));
    blocks.add(new Block.Grid(NASTY, List.of(NASTY, "n>"), List.of(List.of(NASTY, "1,234")), ""));
    blocks.add(new Block.Grid(NASTY, List.of(NASTY), List.of(), NASTY));
    blocks.add(
        new Block.Bars(
            NASTY,
            List.of(new Block.Bar(NASTY, NASTY, List.of(new Block.Part(0, NASTY, 3_000_000L)))),
            NASTY));
    blocks.add(
        new Block.Lanes(
            NASTY,
            NASTY,
            0,
            second,
            List.of(new Block.Lane(NASTY, List.of(new Block.Act(1, NASTY, 5, 42_000_005))))));
    blocks.add(new Block.Note(NASTY));
    var section =
        new Section(
            "nasty", NASTY, NASTY, blocks, List.of(new Section.Panel(NASTY, List.copyOf(blocks))));
    return new Document(NASTY, NASTY, List.of(NASTY), List.of(section));
  }

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }
}
