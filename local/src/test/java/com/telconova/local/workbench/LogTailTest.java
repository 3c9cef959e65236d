package com.telconova.local.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LogTailTest {

  @Test
  void of_a_json_line_the_level_message_and_causes_are_shown() {
    var line =
        """
        {"timestamp":1,"level":"ERROR","formattedMessage":"Cannot start",\
        "throwable":{"className":"java.io.IOException","message":"no route",\
        "cause":{"className":"a.b.Down","message":"port 5432"}}}\
        """;

    assertThat(LogTail.readable(List.of(line)))
        .containsExactly("ERROR Cannot start: IOException no route: Down port 5432");
  }

  @Test
  void any_other_line_is_shown_as_it_is_and_blank_ones_are_not() {
    assertThat(LogTail.readable(List.of("Killed", "", "{broken")))
        .containsExactly("Killed", "{broken");
  }
}
