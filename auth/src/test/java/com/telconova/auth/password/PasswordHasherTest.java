package com.telconova.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.telconova.shared.config.Secret;
import com.telconova.shared.problem.Failure;
import io.prometheus.client.CollectorRegistry;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PasswordHasherTest {
  private static final Argon2id LIGHT = new Argon2id(64, 1, 1);

  private final PasswordHasher hasher = new PasswordHasher(LIGHT, 2, new CollectorRegistry());

  @AfterEach
  void close() {
    hasher.close();
  }

  /// The first vector of the reference implementation's `test.c`.
  @Test
  void the_hash_is_that_of_the_reference_implementation() {
    PasswordHash reference =
        new PasswordHash(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

    assertThat(HexFormat.of().formatHex(reference.hash()))
        .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    assertThat(hasher.matches(new Secret("password"), reference)).isTrue();
    assertThat(hasher.matches(new Secret("passwore"), reference)).isFalse();
  }

  @Test
  void the_right_password_matches_and_no_other_does() {
    PasswordHash hash = hasher.hash(new Secret("seven wet boots"));

    assertThat(hasher.matches(new Secret("seven wet boots"), hash)).isTrue();
    assertThat(hasher.matches(new Secret("Seven wet boots"), hash)).isFalse();
    assertThat(hasher.matches(new Secret("seven wet boots "), hash)).isFalse();
    assertThat(hasher.matches(new Secret(""), hash)).isFalse();
  }

  @Test
  void the_same_password_twice_has_two_hashes() {
    assertThat(hasher.hash(new Secret("seven wet boots")))
        .isNotEqualTo(hasher.hash(new Secret("seven wet boots")));
  }

  @Test
  void a_password_typed_with_composed_or_separate_accents_is_one() {
    String composed = Normalizer.normalize("contraseña difícil", Normalizer.Form.NFC);
    String separate = Normalizer.normalize("contraseña difícil", Normalizer.Form.NFD);

    assertThat(hasher.matches(new Secret(separate), hasher.hash(new Secret(composed)))).isTrue();
  }

  @Test
  void new_hashes_take_the_present_parameters_and_old_ones_are_told_from_them() {
    PasswordHash old = hasher.hash(new Secret("seven wet boots"));
    try (PasswordHasher present = new PasswordHasher(new CollectorRegistry())) {
      PasswordHash hash = present.hash(new Secret("seven wet boots"));

      assertThat(hash.phc()).startsWith("$argon2id$v=19$m=12288,t=3,p=1$");
      assertThat(present.isOutdated(old)).isTrue();
      assertThat(present.isOutdated(hash)).isFalse();
      assertThat(present.matches(new Secret("seven wet boots"), old)).isTrue();
    }
  }

  @Test
  void beyond_what_runs_and_what_waits_everybody_is_turned_away_at_once() throws Exception {
    CollectorRegistry registry = new CollectorRegistry();
    int callers = 100;
    CountDownLatch ready = new CountDownLatch(callers);
    int done = 0;
    int refused = 0;
    try (PasswordHasher busy = new PasswordHasher(new Argon2id(12 * 1024, 4, 1), 2, registry);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int n = 0; n < callers; n++) {
        answers.add(
            threads.submit(() -> {
              ready.countDown();
              ready.await();
              return tryToHash(busy);
            }));
      }
      for (Future<Boolean> answer : answers) {
        if (answer.get()) {
          done++;
        } else {
          refused++;
        }
      }
    }

    assertThat(done).isGreaterThanOrEqualTo(22).isLessThan(callers / 2);
    assertThat(refused).isEqualTo(callers - done);
    assertThat(registry.getSampleValue("password_hash_duration_seconds_count")).isEqualTo(done);
  }

  @Test
  void a_string_that_is_no_phc_of_argon2id_is_refused() {
    for (String phc :
        List.of(
            "",
            "secret",
            "$2b$12$abcdefghijklmnopqrstuv",
            "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=0,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZ",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$short")) {
      assertThatThrownBy(() -> new PasswordHash(phc)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_hash_does_not_show_itself() {
    assertThat(hasher.hash(new Secret("seven wet boots")).toString()).isEqualTo("***");
  }

  private static boolean tryToHash(PasswordHasher hasher) {
    try {
      hasher.hash(new Secret("seven wet boots"));
      return true;
    } catch (Failure.Unavailable e) {
      return false;
    }
  }
}
