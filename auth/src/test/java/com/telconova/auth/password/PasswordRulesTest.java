package com.telconova.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.shared.problem.Fault;
import com.telconova.shared.problem.Faults;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "seven wet boots",
        "x7#Kqp2!",
        "contraseña difícil",
        "🐢🐢🐙🐢🐙🐢🐢🐙",
        "   blanks  ",
        "torres de marfil",
        "anatorresestuvoaqui"
      })
  void what_is_long_enough_and_not_guessed_first_is_taken(String password) {
    assertThat(faults(password)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "PassWord",
        "Contraseña",
        "qwertyuiop",
        "12345678",
        "87654321",
        "abcdefgh",
        "zzzzzzzzzzzz",
        "😀😀😀😀😀😀😀😀",
        "iloveyou",
        "P@ssw0rd",
        "sunshine",
        "mustang1",
        "Alejandra",
        "bogota123",
        "trustno1"
      })
  void what_an_attacker_tries_first_is_refused(String password) {
    assertThat(faults(password)).extracting(Fault::detail).first().asString().contains("first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ana.torres@example.com",
        "ANA.TORRES@EXAMPLE.COM",
        "ana.torres",
        "ana.torres2024",
        "Ana Torres",
        "anatorres!",
        "123anatorres123"
      })
  void ones_own_address_or_name_is_refused(String password) {
    assertThat(faults(password)).extracting(Fault::detail).first().asString().contains("name");
  }

  @Test
  void the_length_counts_characters_as_people_do() {
    assertThat(faults("x7#Kqp2")).hasSize(1);
    assertThat(faults("🐢🐙🐢🐢🐙🐢🐙")).hasSize(1);
    assertThat(faults("ab".repeat(64))).isEmpty();
    assertThat(faults("ab".repeat(64) + "c")).hasSize(1);
  }

  @Test
  void one_must_be_there() {
    assertThat(faults(null)).containsExactly(new Fault("/password", "is required"));
  }

  @Test
  void nothing_is_held_against_an_account_without_name_or_address() {
    Faults faults = new Faults();

    PasswordRules.check(faults, "/password", "!!!!????", null, "  ");

    assertThat(faults.list()).isEmpty();
  }

  private static List<Fault> faults(String password) {
    Faults faults = new Faults();
    PasswordRules.check(faults, "/password", password, "ana.torres@example.com", "Ana Torres");
    return faults.list();
  }
}
