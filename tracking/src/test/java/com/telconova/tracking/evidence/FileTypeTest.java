package com.telconova.tracking.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.telconova.tracking.Samples;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileTypeTest {
  @Test
  void each_kind_of_evidence_is_known_by_its_beginning() {
    assertThat(FileType.of(Samples.JPEG)).hasValue(FileType.JPEG);
    assertThat(FileType.of(Samples.PNG)).hasValue(FileType.PNG);
    assertThat(FileType.of(Samples.WEBP)).hasValue(FileType.WEBP);
    assertThat(FileType.of(Samples.HEIC)).hasValue(FileType.HEIC);
    assertThat(FileType.of(Samples.PDF)).hasValue(FileType.PDF);
    assertThat(FileType.of(Samples.TXT)).hasValue(FileType.TXT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE html><html><script>alert(1)</script></html>",
        "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
        "#!/bin/sh\nrm -rf /\n",
        "GIF89a",
        "%!PS-Adobe-3.0\n",
      })
  void texts_that_something_would_run_are_refused(String text) {
    assertThat(FileType.of(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "504b030414000600080000002100", // a ZIP
        "7f454c4602010100000000000000000002003e00", // a program for Linux
        "4d5a90000300000004000000ffff0000", // one for Windows
        "cafebabe0000004500", // a Java class
        "00000000000000000000", // zeros
      })
  void binaries_of_other_kinds_are_refused(String hex) {
    assertThat(FileType.of(HexFormat.of().parseHex(hex))).isEmpty();
  }
}
