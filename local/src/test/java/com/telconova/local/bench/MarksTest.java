package com.telconova.local.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MarksTest {
  @Test
  void a_mark_is_found_in_a_text_and_knows_when_it_was_sent() {
    var marks = new Marks(10);
    marks.send();
    var text = "Seen, " + marks.send() + ".";

    var buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));

    assertThat(Marks.at(buffer, 6)).isEqualTo(1);
    assertThat(Marks.at(buffer, 0)).isEqualTo(-1);
    assertThat(marks.sent()).isEqualTo(2);
    assertThat(marks.sentAt(1)).isNotZero();
    assertThat(marks.sentAt(5)).isZero();
    assertThat(marks.sentAt(999_999)).isZero();
  }
}
