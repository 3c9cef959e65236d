package com.telconova.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EmailTest {
  @Test
  void it_is_trimmed_and_in_lower_case() {
    assertThat(Email.find("  Ana.Torres+Field@Mail.Example.COM\n"))
        .hasValue(new Email("ana.torres+field@mail.example.com"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b.co",
        "o'hara@example.com",
        "x_y-z@sub.sub.example.museum",
        "1@1.example",
        "a@xn--maana-pta.com",
        "a@example.xn--p1ai"
      })
  void what_people_have_is_taken(String address) {
    assertThat(Email.find(address)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ana",
        "@example.com",
        "ana@",
        "ana@localhost",
        "ana@@example.com",
        "ana@b@example.com",
        ".ana@example.com",
        "ana.@example.com",
        "a..b@example.com",
        "ana@-example.com",
        "ana@example-.com",
        "ana@example..com",
        "ana@example.com.",
        "ana@127.0.0.1",
        "ana torres@example.com",
        "ana@exam ple.com",
        "ana@example.com\r\nBcc: all@example.com",
        "\"ana\"@example.com",
        "ana@[127.0.0.1]",
        "añá@example.com"
      })
  void what_is_no_address_is_refused(String address) {
    assertThat(Email.find(address)).isEmpty();
  }

  @Test
  void it_is_as_long_as_mail_servers_take() {
    String domain = "@" + "b".repeat(60) + "." + "c".repeat(60) + "." + "d".repeat(60) + ".co";

    assertThat(Email.find("a".repeat(64) + domain)).isPresent();
    assertThat(Email.find("a".repeat(65) + domain)).isEmpty();
    assertThat(Email.find("a@" + "b.".repeat(125) + "com")).isEmpty();
    assertThat(Email.find("a@" + "b".repeat(64) + ".com")).isEmpty();
  }

  @Test
  void looking_at_it_takes_no_time_whatever_it_is() {
    assertThat(Email.find("a.".repeat(120_000) + "@" + "b.".repeat(120_000))).isEmpty();
    assertThat(Email.find("a".repeat(63) + "@" + "a-".repeat(90) + "!")).isEmpty();
  }

  @Test
  void it_cannot_be_made_of_anything_else() {
    assertThatThrownBy(() -> new Email("Ana@example.com"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
