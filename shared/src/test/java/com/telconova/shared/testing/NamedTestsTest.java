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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Holds `docs/traps.md` and `docs/security.md` to the tests that they name.
final class NamedTestsTest {
  private static final Pattern NAME = Pattern.compile("`(\\w+(?:IT|Test))\\.(\\w+)`");
  private final Path root = Checkout.find().root();

  @ParameterizedTest
  @CsvSource({"traps.md, 40", "security.md, 20"})
  void every_test_that_is_named_is_there_and_every_line_has_one(String page, int least)
      throws IOException {
    List<String> lines =
        Files.readAllLines(root.resolve("docs").resolve(page)).stream()
            .filter(line -> line.matches("\\| .*") && !line.endsWith("| test |"))
            .toList();
    Map<String, String> tests = sources();

    assertThat(lines).hasSizeGreaterThan(least);
    assertThat(lines).allMatch(line -> NAME.matcher(line).find());
    for (String line : lines) {
      for (MatchResult test : NAME.matcher(line).results().toList()) {
        assertThat(tests.get(test.group(1)))
            .as("%s, named in docs/%s", test.group(), page)
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
          .flatMap(NamedTestsTest::tests)
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  NamedTestsTest::text,
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
