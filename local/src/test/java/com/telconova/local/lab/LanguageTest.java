package com.telconova.local.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.testing.Checkout;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class LanguageTest {

  @Test
  void what_is_said_in_one_language_is_said_in_the_other_with_the_same_places() {
    assertThat(Language.ES.keys()).isEqualTo(Language.EN.keys());
    assertThat(Language.EN.keys())
        .allSatisfy(
            key -> assertThat(Language.ES.places(key)).as(key).isEqualTo(Language.EN.places(key)));
  }

  @Test
  void each_experiment_says_all_that_a_student_asks() {
    assertThat(Experiments.all())
        .allSatisfy(experiment -> {
          var name = experiment.name();
          for (var part :
              List.of("concept", "title", "question", "explanation", "limits", "where", "would")) {
            assertThat(Language.EN.text(name + "." + part)).as(name).isNotBlank();
          }
          for (var list : List.of("done", "see")) {
            assertThat(Language.EN.list(name + "." + list)).as(name).hasSizeGreaterThan(1);
            assertThat(Language.ES.list(name + "." + list))
                .hasSameSizeAs(Language.EN.list(name + "." + list));
          }
        });
  }

  @Test
  void a_metric_that_a_student_is_sent_to_is_on_a_dashboard() throws Exception {
    var dashboards = new StringBuilder();
    try (var files = Files.walk(Checkout.find().root().resolve("grafana/dashboards"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        dashboards.append(Files.readString(file));
      }
    }
    var metric = Pattern.compile("\\b[a-z]+_[a-z_]+[a-z]\\b");

    for (var experiment : Experiments.all()) {
      var where = Language.EN.text(experiment.name() + ".where").split("Metrics:")[1];
      metric
          .matcher(where.replaceAll("\\{[^}]*\\}", ""))
          .results()
          .forEach(found -> assertThat(dashboards).contains(found.group()));
    }
  }

  @Test
  void numbers_are_written_as_the_language_does() {
    var large = Quantity.count(1_234_567);

    assertThat(Language.EN.say(large)).isEqualTo("1,234,567");
    assertThat(Language.ES.say(large)).isEqualTo("1.234.567");
    assertThat(Language.EN.say(Quantity.nanos(1_500))).isEqualTo("1.50 µs");
    assertThat(Language.ES.say(Quantity.nanos(1_500))).isEqualTo("1,50 µs");
    assertThat(Language.EN.say(Quantity.seconds(12.34))).isEqualTo("12.3 s");
    assertThat(Language.EN.say(Quantity.bytes(1_536))).isEqualTo("1.50 KiB");
    assertThat(Language.EN.say(Quantity.share(0.0973))).isEqualTo("9.7 %");
    assertThat(Language.EN.say(Quantity.share(0.5))).isEqualTo("50 %");
    assertThat(Language.EN.say(Quantity.bytes(Double.NaN))).isEqualTo("–");
  }

  @Test
  void the_environment_chooses_the_language() {
    assertThat(Language.of(Map.of("LANG", "es_CO.UTF-8"))).isEqualTo(Language.ES);
    assertThat(Language.of(Map.of("LANG", "es_CO.UTF-8", "LC_ALL", "C.UTF-8")))
        .isEqualTo(Language.EN);
    assertThat(Language.of(Map.of())).isEqualTo(Language.EN);
  }
}
