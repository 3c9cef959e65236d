package com.telconova.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `./microflow lab` as a person types it.
final class LabCommandIT {
  private ScratchCheckout checkout;

  @BeforeEach
  void prepare() throws Exception {
    checkout = ScratchCheckout.real();
  }

  @AfterEach
  void nothing_is_left() {
    checkout.close();
    assertThat(checkout.root().resolve(".microflow/lab")).doesNotExist();
  }

  @Test
  void without_a_name_it_lists_what_there_is_and_the_page_tells_of_each() throws Exception {
    try (var lab = lab(Map.of("LC_ALL", "es_CO.UTF-8"))) {
      assertThat(lab.awaitEnd()).isZero();
      assertThat(lab.output()).contains("nombre", "necesita", "de fork a listo");
      var page = Files.readString(Checkout.find().root().resolve("docs/lab.md"));
      var name = Pattern.compile("(?m)^  ([a-z]+(?:-[a-z]+)*) +\\d");
      var names = name.matcher(lab.output()).results().map(found -> found.group(1)).toList();
      assertThat(names).hasSizeGreaterThan(10).allSatisfy(n -> assertThat(page).contains("`" + n));
    }
  }

  @Test
  void an_unknown_name_is_one_line_that_names_the_nearest() throws Exception {
    try (var lab = lab(Map.of(), "thread", "--lang", "en")) {
      assertThat(lab.awaitEnd()).isEqualTo(2);
      assertThat(lab.output())
          .startsWith("microflow: there is no experiment 'thread'; did you mean threads?")
          .hasLineCount(1);
    }
  }

  @Test
  void ctrl_c_ends_an_experiment_with_its_programs() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc here");
    try (var lab = lab(Map.of(), "context-switches")) {
      lab.awaitOutput("does the kernel take");
      await().until(() -> checkout.processes().size() > 1);
      lab.interrupt();
    }
  }

  private Command lab(Map<String, String> environment, String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("lab"));
    all.addAll(List.of(arguments));
    return new Command(checkout.root(), environment, all.toArray(String[]::new));
  }
}
