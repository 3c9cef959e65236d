package com.telconova.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds `docs/traps.md` to the tests that it names.
final class TrapsDocumentTest {
  private static final Pattern NAME = Pattern.compile("`(\\w+(?:IT|Test))\\.(\\w+)`");
  private final Path root = Checkout.find().root();

  @Test
  void every_test_that_is_named_is_there_and_every_trap_has_one() throws IOException {
    List<String> traps =
        Files.readAllLines(root.resolve("docs/traps.md")).stream()
            .filter(line -> line.matches("\\| .*") && !line.startsWith("| what goes wrong"))
            .toList();
    Map<String, String> tests = sources();

    assertThat(traps).hasSizeGreaterThan(40);
    assertThat(traps).allMatch(line -> NAME.matcher(line).find());
    for (String trap : traps) {
      for (MatchResult test : NAME.matcher(trap).results().toList()) {
        assertThat(tests.get(test.group(1)))
            .as("%s, named in docs/traps.md", test.group())
            .isNotNull()
            .contains("void " + test.group(2) + "(");
      }
    }
  }

  /// The sources of every module's tests, by class.
  private Map<String, String> sources() throws IOException {
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(TrapsDocumentTest::tests)
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  TrapsDocumentTest::text,
                  String::concat));
    }
  }

  private static Stream<Path> tests(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
