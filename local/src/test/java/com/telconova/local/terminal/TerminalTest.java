package com.telconova.local.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void a_step_says_its_name_what_it_is_and_its_seconds() throws Exception {
    var terminal = terminal(false, true);

    var result = terminal.step("mail", "takes mail", () -> 42);

    assertThat(result).isEqualTo(42);
    assertThat(output()).matches("  ✓ mail +takes mail +\\d+\\.\\d s\n");
  }

  @Test
  void a_failed_step_is_marked_and_its_fault_goes_on() {
    var terminal = terminal(false, true);

    assertThatThrownBy(() ->
            terminal.step(
                "mail",
                "takes mail",
                () -> {
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");
    assertThat(output()).startsWith("  ✗ mail");
  }

  @Test
  void without_colour_and_unicode_only_ascii_is_printed() {
    var terminal = terminal(false, false);

    terminal.heading("part");
    terminal.done("done");
    terminal.failed("failed");
    terminal.quiet("less " + terminal.arrow() + " " + terminal.cut("a long text", 6));

    assertThat(output()).isEqualTo("\npart\n  + done\n  x failed\nless -> a lo..\n");
  }

  @Test
  void colour_is_switched_on_and_off_again() {
    terminal(true, true).done("done");

    assertThat(output()).isEqualTo("  \u001b[32m✓\u001b[0m done\n");
  }

  @Test
  void once_one_thread_stops_everything_the_others_are_silent() throws Exception {
    var terminal = terminal(false, true);
    terminal.onlyThisThread();

    Thread.ofVirtual().start(() -> terminal.line("too late")).join();
    terminal.line("stopped");

    assertThat(output()).isEqualTo("stopped\n");
  }

  @Test
  void the_first_locale_variable_that_is_set_decides() {
    assertThat(Terminal.isUtf8(Map.of("LANG", "es_CO.UTF-8"))).isTrue();
    assertThat(Terminal.isUtf8(Map.of("LANG", "C.utf8", "LC_ALL", ""))).isTrue();
    assertThat(Terminal.isUtf8(Map.of("LANG", "C.UTF-8", "LC_ALL", "C"))).isFalse();
    assertThat(Terminal.isUtf8(Map.of())).isFalse();
  }

  @Test
  void table_columns_are_as_wide_as_their_widest_cell_and_may_align_right() {
    var terminal = terminal(false, true);

    new Table("process", "pid>").row("auth", 7).row("workorder", 12345).print(terminal);

    assertThat(output()).isEqualTo("  process      pid\n  auth           7\n  workorder  12345\n");
  }

  @Test
  void a_line_never_gets_wider_than_the_terminal() {
    var terminal = terminal(false, true);

    new Table("a").row("x".repeat(300)).print(terminal);

    assertThat(output().lines()).allMatch(line -> line.length() <= Terminal.WIDTH);
  }

  private Terminal terminal(boolean colour, boolean unicode) {
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new Terminal(out, out, false, colour, unicode);
  }

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
