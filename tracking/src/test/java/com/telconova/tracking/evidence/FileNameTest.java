package com.telconova.tracking.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileNameTest {
  @ParameterizedTest
  @CsvSource({
    "roof.jpg, roof.jpg",
    "../../etc/passwd, passwd",
    "'C:\\Users\\ana\\roof.jpg', roof.jpg",
    "Año nuevo ñ.pdf, Año_nuevo_ñ.pdf",
    "'a\r\nSet-Cookie: x.txt', aSet-Cookie_x.txt",
    "'a\"b<c>d|e?f*g;h%i.txt', a_b_c_d_e_f_g_h_i.txt",
    "gnp.\u202ejpg.exe, gnp.jpg.exe",
    ".htaccess, htaccess",
    "..., file",
    "'', file",
    "a/, file",
    "'  ', file",
  })
  void a_name_is_made_harmless(String sent, String cleaned) {
    assertThat(FileName.clean(sent)).isEqualTo(cleaned);
  }

  @Test
  void a_long_name_keeps_its_extension() {
    String cleaned = FileName.clean("ñ".repeat(500) + ".jpeg");

    assertThat(cleaned).hasSize(FileName.MAX_LENGTH).endsWith("ñ.jpeg");
  }

  @Test
  void no_character_is_cut_in_two() {
    String cleaned = FileName.clean("😀".repeat(500));

    assertThat(cleaned.codePointCount(0, cleaned.length())).isEqualTo(FileName.MAX_LENGTH);
    assertThat(cleaned).matches("(😀)+");
  }

  @Test
  void a_download_is_offered_under_a_name_that_every_client_understands() {
    assertThat(FileName.attachment("roof.jpg"))
        .isEqualTo("attachment; filename=\"roof.jpg\"; filename*=UTF-8''roof.jpg");
    assertThat(FileName.attachment("Año_(2) ½😀'.pdf"))
        .isEqualTo(
            "attachment; filename=\"A_o_(2)___'.pdf\";"
                + " filename*=UTF-8''A%C3%B1o_%282%29%20%C2%BD%F0%9F%98%80%27.pdf");
    assertThat(FileName.attachment(FileName.clean("a\"\r\nSet-Cookie: x=1\\.pdf")))
        .doesNotContain("\r", "\n")
        .matches("attachment; filename=\"[^\"\\\\]+\"; filename\\*=UTF-8''[!-~&&[^\";,\\\\]]+");
  }
}
