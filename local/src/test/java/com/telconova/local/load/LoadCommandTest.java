package com.telconova.local.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.local.terminal.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

final class LoadCommandTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--clients 5 --rate 10",
        "--clients 5 --connections 10",
        "--clients 0",
        "--rate 0",
        "--rate -1",
        "--rate NaN",
        "--connections 0",
        "--mix night",
        "--duration 1h",
        "--duration 50ms"
      })
  void wrong_usage_is_refused_before_anything_is_sent(String arguments) {
    var refused = new ArrayList<String>();
    var line = new CommandLine(new LoadCommand(Terminal.silent()));
    line.setParameterExceptionHandler((failure, _) -> {
      refused.add(failure.getMessage());
      return 2;
    });
    line.setExecutionExceptionHandler((failure, _, _) -> 1); // it went as far as to send

    int code = line.execute(arguments.split(" "));

    assertThat(code).as(refused.toString()).isEqualTo(2);
  }

  @Test
  void a_time_has_a_unit_or_is_in_seconds() {
    var time = new LoadCommand.Time();

    assertThat(time.convert("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(time.convert("30s")).isEqualTo(Duration.ofSeconds(30));
    assertThat(time.convert("30")).isEqualTo(Duration.ofSeconds(30));
    assertThat(time.convert("10m")).isEqualTo(Duration.ofMinutes(10));
    assertThatThrownBy(() -> time.convert("-1s")).isInstanceOf(TypeConversionException.class);
  }
}
