package com.telconova.shared.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class MetricsPageIT {
  private final TreeSet<String> documented = new TreeSet<>();

  MetricsPageIT() throws IOException {
    String page = Files.readString(Checkout.find().root().resolve("docs/operating-system.md"));
    Pattern.compile("^\\| `([a-z0-9_]+)", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .forEach(row -> documented.add(row.group(1)));
  }

  @Test
  void every_metric_that_a_scrape_has_is_on_the_page() {
    TreeSet<String> there = Metrics.ofThisProcess().names();

    there.removeIf(name ->
        documented.contains(name) || documented.contains(name.replaceAll("_(sum|count)$", "")));

    assertThat(there).isEmpty();
  }

  @Test
  void every_metric_on_the_page_is_one_that_the_code_has() throws IOException {
    Path sources = Checkout.find().root().resolve("shared/src/main/java/com/telconova/shared/os");
    assumeTrue(Files.isDirectory(sources), "not a checkout");
    var named = new StringBuilder();
    try (var files = Files.list(sources)) {
      for (Path file : files.toList()) {
        named.append(Files.readString(file));
      }
    }

    assertThat(documented).hasSizeGreaterThan(50);
    assertThat(documented)
        .allMatch(name -> named.indexOf('"' + name.replaceAll("_total$", "") + '"') >= 0);
  }
}
